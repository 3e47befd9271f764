namespace MnistLab.Course;

/// <summary>The folder of the course: the notebooks in English, and for each other language a folder with translations and the notebooks made of them.</summary>
public sealed class CourseFolder
{
    /// <summary>The language of the notebooks that the others are translated from.</summary>
    public const string English = "en";

    /// <summary>Opens the folder.</summary>
    /// <param name="path">The folder, by convention <c>notebooks</c>.</param>
    /// <exception cref="CourseException">It holds no notebook.</exception>
    public CourseFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        Notebooks = Directory.Exists(Path) ? [.. Directory.GetFiles(Path, "*.ipynb").Order(StringComparer.Ordinal)] : [];
        if (Notebooks.Count == 0) throw new CourseException(Path, "there is no notebook.");
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The English notebooks, in the order in which they are read.</summary>
    public IReadOnlyList<string> Notebooks { get; }

    /// <summary>The other languages, as their folders are named: <c>zh</c>.</summary>
    public IReadOnlyList<string> Languages =>
        [.. Directory.GetDirectories(Path).Where(folder => Notebooks.Any(notebook => File.Exists(TranslationIn(folder, notebook)))).Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>The folder with the notebooks of a language.</summary>
    public string FolderOf(string language) => language == English ? Path : System.IO.Path.Combine(Path, language);

    /// <summary>The translation of a notebook.</summary>
    /// <param name="notebook">The English notebook's file.</param>
    /// <param name="language">The language's folder.</param>
    /// <exception cref="CourseException">There is none, or it is malformed.</exception>
    public Translation TranslationOf(string notebook, string language)
    {
        var file = TranslationIn(System.IO.Path.Combine(Path, language), notebook);
        return File.Exists(file) ? Translation.Read(file) : throw new CourseException(file, "there is no such translation.");
    }

    /// <summary>Where the translated notebook is.</summary>
    public string TranslatedFile(string notebook, string language) => System.IO.Path.Combine(Path, language, System.IO.Path.GetFileName(notebook));

    /// <summary>Makes the notebooks of every other language from the English ones.</summary>
    /// <returns>What is not in step yet, a line each; those texts stay as they are, or English.</returns>
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

    private static string TranslationIn(string folder, string notebook) => System.IO.Path.Combine(folder, System.IO.Path.GetFileNameWithoutExtension(notebook) + ".md");
}
