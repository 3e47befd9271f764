using System.Text.RegularExpressions;
using MnistLab.Kernel.Documents;

namespace MnistLab.Course;

/// <summary>Represents a notebook of the course, with the members needed for translation and examination.</summary>
public sealed partial class CourseNotebook
{
    private readonly NotebookDocument _document;

    private CourseNotebook(NotebookDocument document) => _document = document;

    /// <summary>Gets the file that the notebook was read from.</summary>
    public string File => _document.Path;

    /// <summary>Gets the name of the file without its extension, such as <c>1-prepare</c>.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>
    /// Gets the language of the text, as the name of the language's folder; null for the original language.
    /// </summary>
    public string? Language
    {
        get => _document.TextLanguage;
        internal set => _document.TextLanguage = value;
    }

    /// <summary>Gets the cells, from top to bottom.</summary>
    public IReadOnlyList<NotebookCell> Cells => _document.Cells;

    /// <summary>Gets the text cells.</summary>
    public IEnumerable<NotebookCell> Texts => Cells.Where(cell => cell.Kind != CellKind.Code);

    /// <summary>Gets the code cells.</summary>
    public IEnumerable<NotebookCell> Code => Cells.Where(cell => cell.Kind == CellKind.Code);

    /// <summary>Gets the claims that the texts make about the run, in order.</summary>
    public IEnumerable<Claim> Claims => Texts.SelectMany(Claim.In);

    /// <summary>Gets the hidden code answers of the exercises, in order, except those in <see cref="Steps"/>.</summary>
    public IEnumerable<ExerciseAnswer> Answers => Texts.Except(Steps.Select(step => step.Text)).SelectMany(ExerciseAnswer.In);

    /// <summary>
    /// Gets the steps in which the reader writes code, in order: the text cell with the task and the solution, and the
    /// code cell with the skeleton.
    /// </summary>
    public IEnumerable<(NotebookCell Text, NotebookCell Skeleton)> Steps =>
        Cells.Zip(Cells.Skip(1)).Where(pair => pair.Second.Tags.Contains(ExerciseSolutions.Tag));

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="NotebookFormatException">The file is not a valid notebook.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CourseNotebook Read(string file) => new(NotebookDocument.Read(file));

    /// <summary>Returns the JSON text of the notebook, as written to its file.</summary>
    public override string ToString() => _document.Write(File);

    /// <summary>Writes the notebook to a file atomically.</summary>
    public void Save(string file) => _document.Save(file);

    /// <summary>
    /// Returns a copy of the notebook with its relative links to files adjusted from one folder to another. Links to
    /// notebooks are unchanged, because all notebooks are shown on the same page.
    /// </summary>
    internal CourseNotebook WithLinksFrom(string folder, string newFolder)
    {
        var copy = Copy();
        foreach (var cell in copy.Texts)
        {
            cell.SetSource(FileLink().Replace(cell.Source, link =>
                $"]({Path.GetRelativePath(newFolder, Path.Combine(folder, link.Groups["file"].Value)).Replace(Path.DirectorySeparatorChar, '/')})"));
        }

        return copy;
    }

    internal CourseNotebook Copy() => new(_document.Copy());

    internal void Append(string id, string code) => _document.InsertCode(Cells.Count, id, code);

    [GeneratedRegex(@"\]\((?<file>(?![a-z]+:|#)[^)\s#]+(?<!\.ipynb))\)")]
    private static partial Regex FileLink();
}
