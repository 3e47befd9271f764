using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel;

/// <summary>
/// A cell taken apart: its C#, what it only shows, and the directives that the compiler does not know. They are .NET Interactive's, so that a notebook runs here and there.
/// </summary>
/// <param name="Parts">In order; none without text but the directives that stand for themselves.</param>
/// <param name="Packages">The packages that it refers to.</param>
/// <param name="Feeds">Where packages are found besides the feeds that NuGet is configured with.</param>
/// <param name="IsTimed">Whether it is shown how long the cell took.</param>
internal sealed partial record CellSource(IReadOnlyList<CellPart> Parts, IReadOnlyList<PackageDirective> Packages, IReadOnlyList<string> Feeds, bool IsTimed)
{
    /// <summary>The directives that begin with <c>#!</c>, and what they do.</summary>
    public static IReadOnlyDictionary<string, string> Directives { get; } = new OrderedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["#!csharp"] = "What follows is C#.",
        ["#!c#"] = "The same.",
        ["#!markdown"] = "What follows is Markdown, which is shown.",
        ["#!html"] = "What follows is HTML, which is shown.",
        ["#!javascript"] = "What follows is JavaScript, which runs where the notebook is shown.",
        ["#!js"] = "The same.",
        ["#!time"] = "Shows how long the cell took.",
        ["#!who"] = "Shows the names of the variables.",
        ["#!whos"] = "Shows the variables with their types and values.",
        ["#!import"] = "Runs the cells of another notebook, or a script: #!import file.",
        ["#!lsmagic"] = "Shows the directives.",
        ["#!about"] = "Shows what the kernel is.",
    };

    /// <summary>Takes a cell apart.</summary>
    /// <exception cref="CellDirectiveException">There is no such directive here.</exception>
    public static CellSource Parse(string code)
    {
        var reading = new Reading();
        var number = 0;
        foreach (var line in code.Split('\n')) reading.Add(++number, line);
        return reading.End();
    }

    /// <summary>The C# of a cell with blanks for all else, as long as the cell: places in it are places in the cell. Directives that cannot be followed are left out.</summary>
    public static string CSharpOf(string code)
    {
        var isCSharp = true;
        var lines = code.Split('\n').Select(line =>
        {
            var name = NameOf(line);
            if (name is not null) isCSharp = KindOf(name) is not { } kind ? isCSharp : kind == CellPartKind.CSharp;
            return isCSharp && name is null && !IsPackageDirective(line) ? line : Blank(line);
        });
        return string.Join('\n', lines);
    }

    /// <summary>The name of the directive that the line is, such as <c>#!time</c>; null if it is none.</summary>
    public static string? NameOf(string line) => Named.Match(line) is { Success: true } match ? match.Groups["name"].Value : null;

    private static bool IsPackageDirective(string line) => Package.IsMatch(line) || Feed.IsMatch(line);

    private static CellPartKind? KindOf(string name) => name switch
    {
        "#!csharp" or "#!c#" => CellPartKind.CSharp,
        "#!markdown" => CellPartKind.Markdown,
        "#!html" => CellPartKind.Html,
        "#!javascript" or "#!js" => CellPartKind.JavaScript,
        _ => null,
    };

    private static string Blank(string line) => new(' ', line.Length);

    [GeneratedRegex(@"^\s*(?<name>#![^\s]+)(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Named { get; }

    [GeneratedRegex("""^\s*#r\s+"nuget:\s*(?<name>[^,"\s]+)\s*(,\s*(?<version>[^"]*?)\s*)?"\s*;?\s*(//.*)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Package { get; }

    [GeneratedRegex("""^\s*#i\s+"nuget:\s*(?<feed>[^"]+?)\s*"\s*;?\s*(//.*)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Feed { get; }

    private sealed class Reading
    {
        private readonly List<CellPart> _parts = [];
        private readonly List<PackageDirective> _packages = [];
        private readonly List<string> _feeds = [];
        private readonly StringBuilder _text = new();
        private CellPartKind _kind = CellPartKind.CSharp;
        private bool _isTimed;

        public void Add(int number, string line)
        {
            if (Named.Match(line) is { Success: true } match) Follow(number, match.Groups["name"].Value, match.Groups["rest"].Value.Trim());
            else if (_kind == CellPartKind.CSharp && Package.Match(line) is { Success: true } package) AddPackage(number, package);
            else if (_kind == CellPartKind.CSharp && Feed.Match(line) is { Success: true } feed) AddFeed(number, feed);
            else Append(number, line);
        }

        public CellSource End()
        {
            EndPart();
            return new(_parts, _packages, _feeds, _isTimed);
        }

        private void Follow(int number, string name, string rest)
        {
            if (KindOf(name) is { } kind)
            {
                EndPart();
                _kind = kind;
                Append(number, kind == CellPartKind.CSharp ? "" : rest);
            }
            else if (name == "#!time")
            {
                _isTimed = true;
                Append(number, "");
            }
            else
            {
                EndPart();
                _parts.Add(Standing(number, name, rest));
            }
        }

        private static CellPart Standing(int number, string name, string rest) => name switch
        {
            "#!who" => new(CellPartKind.Who, ""),
            "#!whos" => new(CellPartKind.Whos, ""),
            "#!lsmagic" => new(CellPartKind.Directives, ""),
            "#!about" => new(CellPartKind.About, ""),
            "#!import" when rest.Length > 0 => new(CellPartKind.Import, rest.Trim('"')),
            "#!import" => throw new CellDirectiveException(number, "#!import needs the name of a file."),
            _ => throw new CellDirectiveException(number, $"There is no directive {name} here: this kernel runs C#. The directives are {string.Join(", ", Directives.Keys)}."),
        };

        private void EndPart()
        {
            if (!string.IsNullOrWhiteSpace(_text.ToString())) _parts.Add(new(_kind, _kind == CellPartKind.CSharp ? _text.ToString() : _text.ToString().Trim()));
            _text.Clear();
        }

        private void Append(int number, string line)
        {
            if (_kind == CellPartKind.CSharp && _text.Length == 0) _text.Append('\n', number - 1);
            _text.Append(line).Append('\n');
        }

        private void AddPackage(int number, Match package)
        {
            var version = package.Groups["version"] is { Success: true, Length: > 0 } given ? given.Value : null;
            _packages.Add(new(number, package.Groups["name"].Value, version));
            Append(number, "");
        }

        private void AddFeed(int number, Match feed)
        {
            _feeds.Add(feed.Groups["feed"].Value);
            Append(number, "");
        }
    }
}
