namespace MnistLab.Course;

/// <summary>
/// Represents the translated comments and strings of a notebook's code. In the file, they are pairs of lines, the
/// English phrase and its translation, separated by blank lines. A phrase is a comment with its slashes, or the text
/// between the quotation marks of a string, as written in the code. The code around the phrases comes from the
/// English notebook.
/// </summary>
public sealed class CodePhrases
{
    /// <summary>The line that separates the texts of a translation from its phrases.</summary>
    public const string Mark = "<!-- phrases -->";

    private readonly IReadOnlyDictionary<string, string> _translations;

    private CodePhrases(IReadOnlyDictionary<string, string> translations) => _translations = translations;

    /// <summary>Splits the content of a translation file into its texts, which are returned, and its phrases.</summary>
    /// <exception cref="CourseException">A block is not a pair of lines, or a phrase occurs twice.</exception>
    internal static string CutFrom(string content, string file, out CodePhrases phrases)
    {
        var place = content.IndexOf($"\n{Mark}\n", StringComparison.Ordinal);
        var translations = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var block in place < 0 ? [] : content[(place + Mark.Length + 2)..]
            .Split("\n\n")
            .Select(block => block.Trim('\n'))
            .Where(block => block.Length > 0))
        {
            if (block.Split('\n') is not [var english, var translated])
                throw new CourseException(
                    file,
                    $"below {Mark}, '{block}' is not two lines, an English phrase and its translation, with a blank line after them.");
            if (!translations.TryAdd(english, translated)) throw new CourseException(file, $"the phrase '{english}' appears twice.");
        }

        phrases = new(translations);
        return place < 0 ? content : content[..place];
    }

    /// <summary>Returns code with its phrases translated; phrases without a translation stay in English.</summary>
    public string Translate(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        foreach (var phrase in CodePhrase.In(code).Reverse())
        {
            if (_translations.TryGetValue(phrase.Text, out var translated))
                code = string.Concat(code.AsSpan(0, phrase.Start), translated, code.AsSpan(phrase.Start + phrase.Text.Length));
        }

        return code;
    }

    /// <summary>Returns a fenced block of code with its phrases translated.</summary>
    internal string TranslateBlock(string block) => ExerciseAnswer.Fence().Match(block).Groups["code"] is var code
        ? string.Concat(block.AsSpan(0, code.Index), Translate(code.Value), block.AsSpan(code.Index + code.Length))
        : block;

    /// <summary>
    /// Returns the differences from the notebook's code: missing and superfluous phrases, and changed interpolations.
    /// </summary>
    internal IEnumerable<string> ProblemsWith(CourseNotebook english)
    {
        var phrases = english.Code.Select(cell => (Cell: cell.Id, Code: cell.Source))
            .Concat(english.Texts.SelectMany(ExerciseAnswer.In).Select(answer => (answer.Cell, answer.Code)))
            .SelectMany(cell => CodePhrase.In(cell.Code).Select(phrase => (cell.Cell, Phrase: phrase)))
            .DistinctBy(phrase => phrase.Phrase.Text).ToList();
        foreach (var (id, phrase) in phrases)
        {
            if (!_translations.TryGetValue(phrase.Text, out var translated))
            {
                if (phrase.IsProse)
                    yield return $"the code of cell {id} has the phrase '{phrase.Text}': add it and its translation below {Mark}";
            }
            else if (!phrase.Holes.Order(StringComparer.Ordinal).SequenceEqual(phrase.HolesOf(translated).Order(StringComparer.Ordinal)))
                yield return $"the phrase '{phrase.Text}' and its translation differ in what they insert: {string.Join(", ", phrase.Holes)}";
        }

        foreach (var superfluous in _translations.Keys.Except(phrases.Select(phrase => phrase.Phrase.Text)))
            yield return $"the phrase '{superfluous}' is not in the code of {english.Name}: remove it";
    }
}
