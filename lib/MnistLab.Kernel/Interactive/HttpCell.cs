using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Interactive;

/// <summary>Reads the requests of an HTTP cell, in the format of <c>.http</c> files.</summary>
/// <remarks>https://learn.microsoft.com/aspnet/core/test/http-files</remarks>
internal static partial class HttpCell
{
    private const string Example = "Example: GET http://127.0.0.1:8080/health";

    private static readonly HashSet<string> Methods =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

    /// <summary>Returns the requests of a cell, in order.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="valueOf">
    /// Returns the text of a variable that the cell does not define; null if there is no such variable.
    /// </param>
    /// <exception cref="HttpCellException">The cell is not valid.</exception>
    public static IReadOnlyList<HttpCellRequest> Parse(string text, Func<string, string?> valueOf)
    {
        var reading = new Reading(text.ReplaceLineEndings("\n").Split('\n'), valueOf);
        var requests = new List<HttpCellRequest>();
        while (reading.Next() is { } request) requests.Add(request);
        return requests.Count > 0 ? requests : throw new HttpCellException($"The cell has no request. {Example}");
    }

    [GeneratedRegex(@"\{\{\s*(?<name>[^{}]*?)\s*\}\}")]
    private static partial Regex Placeholder { get; }

    [GeneratedRegex(@"^@(?<name>\w+)\s*=\s*(?<value>.*?)\s*$")]
    private static partial Regex Variable { get; }

    [GeneratedRegex(@"^((?<method>[A-Z]+)[ \t]+)?(?<address>.*?)([ \t]+HTTP/[\d.]+)?\s*$")]
    private static partial Regex RequestLine { get; }

    [GeneratedRegex(@"^(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(?<value>.*?)\s*$")]
    private static partial Regex Header { get; }

    private sealed class Reading(string[] lines, Func<string, string?> valueOf)
    {
        private readonly Dictionary<string, string> _variables = [];
        private int _line;

        private bool IsAtEnd =>
            _line == lines.Length || lines[_line].StartsWith("###", StringComparison.Ordinal);

        public HttpCellRequest? Next()
        {
            for (; _line < lines.Length; _line++)
            {
                var line = lines[_line];
                if (string.IsNullOrWhiteSpace(line) || IsComment(line)) continue;
                if (Variable.Match(line) is not { Success: true } variable) return Request();
                _variables[variable.Groups["name"].Value] = Filled(variable.Groups["value"].Value);
            }

            return null;
        }

        private static bool IsComment(string line) =>
            line.StartsWith('#') || line.StartsWith("//", StringComparison.Ordinal);

        private HttpCellRequest Request()
        {
            var (method, address) = First();
            _line++;
            var headers = new List<KeyValuePair<string, string>>();
            for (; !IsAtEnd && !string.IsNullOrWhiteSpace(lines[_line]); _line++)
            {
                if (IsComment(lines[_line])) continue;
                if (Header.Match(lines[_line]) is not { Success: true } header)
                {
                    throw Error(
                        $"'{lines[_line]}' is not a valid header. Example: Content-Type: application/json. "
                        + "An empty line begins the body.");
                }

                headers.Add(new(header.Groups["name"].Value, Filled(header.Groups["value"].Value)));
            }

            var body = new List<string>();
            for (; !IsAtEnd; _line++) body.Add(Filled(lines[_line]));
            return new(method, address, headers, string.Join('\n', body).Trim('\n'));
        }

        private (HttpMethod Method, Uri Address) First()
        {
            var line = RequestLine.Match(lines[_line]);
            var (method, address) = (line.Groups["method"], Filled(line.Groups["address"].Value));
            if (method.Success && !Methods.Contains(method.Value))
                throw Error($"'{method.Value}' is not a valid HTTP method. Use one of {string.Join(", ", Methods)}.");
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                throw Error($"'{address}' is not an absolute http or https address. {Example}");
            return (HttpMethod.Parse(method.Success ? method.Value : "GET"), uri);
        }

        private string Filled(string text) => Placeholder.Replace(text, match => ValueOf(match.Groups["name"].Value));

        private string ValueOf(string name) => _variables.GetValueOrDefault(name) ?? valueOf(name) ?? throw Error(
            $"There is no variable '{name}': define it in the cell (@{name} = value) or in a C# cell before it.");

        private HttpCellException Error(string message) => new($"line {_line + 1}: {message}");
    }
}
