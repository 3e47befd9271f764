namespace MnistLab.Studio.Console.Models;

/// <summary>An import that is running, or that has failed and not been dismissed.</summary>
/// <param name="Subject">What it is in the list of all work.</param>
/// <param name="Name">The name of the model.</param>
/// <param name="Source">Where it is imported from.</param>
/// <param name="State">Where it stands.</param>
internal sealed record ModelImportWork(string Subject, string Name, string Source, WorkState State)
{
    private const string Prefix = "import ";

    /// <summary>Returns what an import is in the list of all work.</summary>
    public static string SubjectOf(string name, string source) => $"{Prefix}{name} {source}";

    /// <summary>Returns all imports.</summary>
    public static IReadOnlyList<ModelImportWork> In(LongWork works) =>
    [
        .. from work in works.StartingWith(Prefix)
           let parts = work.Key[Prefix.Length..].Split(' ', 2)
           select new ModelImportWork(work.Key, parts[0], parts[^1], work.Value),
    ];
}
