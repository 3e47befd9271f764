using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Directives;

/// <summary>
/// Represents a parameter of a directive whose value the user enters: <c>@input:"prompt"</c>, <c>@password:prompt</c>,
/// or <c>@input:{"prompt": …}</c>.
/// </summary>
/// <param name="Prompt">The prompt that the user sees.</param>
/// <param name="IsPassword">Whether the front end hides the input.</param>
internal sealed partial record InputParameter(string Prompt, bool IsPassword)
{
    /// <summary>Returns the first input parameter of the text; null if there is none.</summary>
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

    [GeneratedRegex("""(?<=^|\s)@(?<kind>input|password)(:((?<json>\{.*\})|"(?<prompt>[^"]*)"|(?<prompt>\S+)))?(?=\s|$)""")]
    private static partial Regex Question { get; }
}
