using MnistLab.Data.Workspaces;

namespace MnistLab.Course.Tests;

/// <summary>Provides the notebooks of the course, as they are in the repository.</summary>
public static class Notebooks
{
    public static CourseFolder Folder { get; } = new(Path.Combine(Workspace.Find().Root, "notebooks"));

    public static IReadOnlyList<CourseNotebook> English { get; } = [.. Folder.Notebooks.Select(CourseNotebook.Read)];

    public static TheoryData<string> Names => [.. English.Select(notebook => notebook.Name)];

    public static TheoryData<string, string> Translations => [.. Folder.Languages.SelectMany(
        language => English.Select(notebook => new TheoryDataRow<string, string>(language, notebook.Name)))];

    public static CourseNotebook Named(string name) => English.Single(notebook => notebook.Name == name);
}
