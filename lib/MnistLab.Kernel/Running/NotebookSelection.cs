using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Finds the notebooks that a list of files and folders selects.</summary>
internal static class NotebookSelection
{
    /// <summary>
    /// Returns the full paths of the files, and of the notebooks directly in the folders, without duplicates and in the
    /// order of their names.
    /// </summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        var notebooks = paths
            .SelectMany(NotebooksOf)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal)
            .ToList();
        var twice = notebooks
            .GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? notebooks
            : throw new NotebookSelectionException(
                twice.Last(),
                $"has the same name as {twice.First()}; the executed notebooks would overwrite each other. Run them separately, with different output folders.");
    }

    private static IEnumerable<string> NotebooksOf(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full)) return [full];
        if (!Directory.Exists(full)) throw new NotebookSelectionException(path, $"there is no such file or folder ({full}).");

        string[] found = [.. Directory.GetFiles(full, "*" + NotebookDocument.Extension),
            .. Directory.GetFiles(full, "*" + DibFile.Extension)];
        return found.Length > 0
            ? found
            : throw new NotebookSelectionException(
                path, $"the folder contains no notebooks (*{NotebookDocument.Extension}, *{DibFile.Extension}).");
    }
}
