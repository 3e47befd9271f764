namespace MnistLab.Course;

/// <summary>
/// Represents the folder of the course: it contains the English notebooks and, for each other language, a folder with
/// the translations and the translated notebooks.
/// </summary>
public sealed class CourseFolder
{
    /// <summary>The language of the original notebooks.</summary>
    public const string English = "en";

    /// <summary>Initializes a new instance of the <see cref="CourseFolder"/> class.</summary>
    /// <param name="path">The path of the folder, by convention <c>notebooks</c>.</param>
    /// <exception cref="CourseException">The folder contains no notebook.</exception>
    public CourseFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        Notebooks = Directory.Exists(Path) ? [.. Directory.GetFiles(Path, "*.ipynb").Order(StringComparer.Ordinal)] : [];
        if (Notebooks.Count == 0) throw new CourseException(Path, "it contains no notebook.");
    }

    /// <summary>Gets the full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the files of the English notebooks, in reading order.</summary>
    public IReadOnlyList<string> Notebooks { get; }

    /// <summary>Gets the other languages, by the names of their folders, such as <c>zh</c>.</summary>
    public IReadOnlyList<string> Languages =>
        [.. Directory
            .GetDirectories(Path)
            .Where(folder => Notebooks.Any(notebook => File.Exists(TranslationIn(folder, notebook))))
            .Select(folder => System.IO.Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)];

    /// <summary>Returns the folder with the notebooks of a language.</summary>
    public string FolderOf(string language) => language == English ? Path : System.IO.Path.Combine(Path, language);

    /// <summary>Reads the translation of a notebook.</summary>
    /// <param name="notebook">The file of the English notebook.</param>
    /// <param name="language">The language, as its folder is named.</param>
    /// <exception cref="CourseException">The translation does not exist or is malformed.</exception>
    public Translation TranslationOf(string notebook, string language)
    {
        var file = TranslationIn(System.IO.Path.Combine(Path, language), notebook);
        return File.Exists(file) ? Translation.Read(file) : throw new CourseException(file, "the translation does not exist.");
    }

    /// <summary>Returns the path of the translated notebook.</summary>
    public string TranslatedFile(string notebook, string language) =>
        System.IO.Path.Combine(Path, language, System.IO.Path.GetFileName(notebook));

    /// <summary>
    /// Generates the notebooks of all other languages from the English notebooks and the translations.
    /// </summary>
    /// <returns>
    /// One line for each part of a translation that is out of date. An outdated text is still used, and a missing one
    /// stays in English.
    /// </returns>
    public IReadOnlyList<string> Translate()
    {
        var problems = new List<string>();
        foreach (var language in Languages)
        {
            foreach (var notebook in Notebooks)
            {
                var english = CourseNotebook.Read(notebook);
                var translation = TranslationOf(notebook, language);
                translation.Apply(english).Save(TranslatedFile(notebook, language));
                problems.AddRange(translation.ProblemsWith(english).Select(problem => $"{translation.File}: {problem}"));
            }
        }

        return problems;
    }

    private static string TranslationIn(string folder, string notebook) =>
        System.IO.Path.Combine(folder, System.IO.Path.GetFileNameWithoutExtension(notebook) + ".md");
}
