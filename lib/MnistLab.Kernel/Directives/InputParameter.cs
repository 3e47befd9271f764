using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel;

/// <summary>A parameter of a directive that the user is asked for: <c>@input:"prompt"</c>, <c>@password:prompt</c>, or <c>@input:{"prompt": …}</c>.</summary>
/// <param name="Prompt">The question.</param>
/// <param name="IsPassword">Whether the front end hides what is typed.</param>
internal sealed partial record InputParameter(string Prompt, bool IsPassword)
{
    /// <summary>Returns the first one in the text; null if there is none.</summary>
    public static InputParameter? Find(string text)
    {
        if (Question.Match(text) is not { Success: true } match) return null;
        var isPassword = match.Groups["kind"].Value == "password";
        if (!match.Groups["json"].Success) return new(match.Groups["prompt"].Value, isPassword);
        try
        {
            var described = JsonNode.Parse(match.Groups["json"].Value)!;
            return new((string?)described["prompt"] ?? "", isPassword || (string?)described["type"] == "password");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return new(match.Groups["json"].Value, isPassword);
        }
    }

    /// <summary>Asks the user.</summary>
    /// <exception cref="InvalidOperationException">Nobody can answer.</exception>
    public Task<string> AskAsync(CellScope scope) =>
        (scope.Input ?? throw ConsoleCapture.NobodyAnswers(Prompt)).ReadLineAsync(Prompt, IsPassword, scope.CancellationToken);

    [GeneratedRegex("""(?<=^|\s)@(?<kind>input|password)(:((?<json>\{.*\})|"(?<prompt>[^"]*)"|(?<prompt>\S+)))?(?=\s|$)""")]
    private static partial Regex Question { get; }
}
