using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MnistLab.Kernel.Documents;

namespace MnistLab.Course;

/// <summary>
/// Represents the translation of a notebook, read from a file that contains, for each text cell, the line <c>&lt;!--
/// cell ID of HASH --&gt;</c> and the translated text. Each C# block of the English text is replaced by the line
/// <c>&lt;!-- code --&gt;</c>, because all code comes from the English notebook. Comments and strings in the code are
/// translated below the line <c>&lt;!-- phrases --&gt;</c> (see <see cref="CodePhrases"/>).
/// </summary>
public sealed partial class Translation
{
    /// <summary>The line that represents a code block of the English text.</summary>
    public const string CodeMark = "<!-- code -->";

    private Translation(string file, IReadOnlyList<TranslatedText> texts, CodePhrases phrases) =>
        (File, Texts, Phrases) = (file, texts, phrases);

    /// <summary>Gets the file.</summary>
    public string File { get; }

    /// <summary>Gets the translated texts, in file order.</summary>
    public IReadOnlyList<TranslatedText> Texts { get; }

    /// <summary>Gets the translated comments and strings of the code.</summary>
    public CodePhrases Phrases { get; }

    /// <summary>Reads a translation.</summary>
    /// <exception cref="CourseException">
    /// A cell or a phrase occurs twice, a phrase is malformed, or there is text before the first cell.
    /// </exception>
    public static Translation Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        var whole = System.IO.File.ReadAllText(file).ReplaceLineEndings("\n");
        var content = CodePhrases.CutFrom(whole, file, out var phrases);
        var marks = Mark().Matches(content);
        if (content[..(marks.Count == 0 ? content.Length : marks[0].Index)].Trim().Length > 0)
            throw new CourseException(file, "text precedes the first mark <!-- cell ID of HASH -->.");
        var texts = marks.Select((mark, index) => new TranslatedText(
            mark.Groups["id"].Value,
            mark.Groups["hash"].Value,
            content[(mark.Index + mark.Length)..(index + 1 < marks.Count ? marks[index + 1].Index : content.Length)].Trim('\n'))).ToList();
        return texts.GroupBy(text => text.Cell, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new CourseException(file, $"cell {twice.Key} appears twice.")
            : new Translation(file, texts, phrases);
    }

    /// <summary>
    /// Returns the hash of an English text, as recorded in translations: the first 8 hexadecimal digits of its SHA-256.
    /// Claims, which readers do not see, are excluded.
    /// </summary>
    public static string HashOf(string english)
    {
        ArgumentNullException.ThrowIfNull(english);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Claim.Comment().Replace(english, ""))))[..8];
    }

    /// <summary>
    /// Returns the problems of this translation of a notebook: missing, superfluous, and outdated texts and phrases,
    /// and missing code blocks. Empty if the translation is up to date.
    /// </summary>
    public IReadOnlyList<string> ProblemsWith(CourseNotebook english)
    {
        ArgumentNullException.ThrowIfNull(english);
        var texts = Texts.ToDictionary(text => text.Cell, StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var cell in english.Texts)
        {
            var hash = HashOf(cell.Source);
            if (!texts.Remove(cell.Id, out var text))
                problems.Add($"cell {cell.Id} is not translated: add <!-- cell {cell.Id} of {hash} --> and its text");
            else if (text.EnglishHash != hash)
                problems.Add(
                    $"cell {cell.Id} has changed in English since it was translated: revise the text, then write <!-- cell {cell.Id} of {hash} -->");
            else if (CodeOf(cell).Count != text.Text.Split(CodeMark).Length - 1)
                problems.Add($"cell {cell.Id} has {CodeOf(cell).Count} blocks of code: the translation needs as many lines {CodeMark}");
        }

        return [.. problems,
            .. texts.Keys.Select(id => $"cell {id} is not in {english.Name}: remove it"),
            .. Phrases.ProblemsWith(english)];
    }

    /// <summary>
    /// Returns a translated copy of a notebook. Cells and phrases without a translation stay in English.
    /// </summary>
    /// <param name="english">The English notebook, executed or not; it is not changed.</param>
    public CourseNotebook Apply(CourseNotebook english)
    {
        ArgumentNullException.ThrowIfNull(english);
        var copy = english.Copy();
        var texts = Texts.ToDictionary(text => text.Cell, StringComparer.Ordinal);
        foreach (var cell in copy.Cells)
        {
            // The translated notebook is one folder deeper.
            if (cell.Kind == CellKind.Code)
                cell.SetSource(Phrases.Translate(cell.Source).Replace("#r \"../", "#r \"../../", StringComparison.Ordinal));
            else if (texts.TryGetValue(cell.Id, out var text))
                cell.SetSource(CodeOf(cell).Select(Phrases.TranslateBlock).Aggregate(text.Text, PutIn));
        }

        copy.Language = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(File)));
        return copy;
    }

    private static IReadOnlyList<string> CodeOf(NotebookCell cell) =>
        [.. ExerciseAnswer.Fence().Matches(cell.Source).Select(match => match.Value)];

    private static string PutIn(string text, string code) => text.IndexOf(CodeMark, StringComparison.Ordinal) is var place and >= 0
        ? string.Concat(text.AsSpan(0, place), code, text.AsSpan(place + CodeMark.Length))
        : text;

    [GeneratedRegex(@"^<!-- cell (?<id>[\w-]+) of (?<hash>[0-9a-f]{8}|\?) -->$", RegexOptions.Multiline)]
    private static partial Regex Mark();
}
