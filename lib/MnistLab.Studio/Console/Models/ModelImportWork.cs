namespace MnistLab.Studio.Console.Models;

/// <summary>Represents an import that is running, or that failed and was not dismissed.</summary>
/// <param name="Subject">The subject of the import in <see cref="LongWork"/>.</param>
/// <param name="Name">The name of the model.</param>
/// <param name="Source">The source of the import.</param>
/// <param name="State">The state of the import.</param>
internal sealed record ModelImportWork(string Subject, string Name, string Source, WorkState State)
{
    private const string Prefix = "import ";

    /// <summary>Returns the subject of an import in <see cref="LongWork"/>.</summary>
    public static string SubjectOf(string name, string source) => $"{Prefix}{name} {source}";

    /// <summary>Returns all imports.</summary>
    public static IReadOnlyList<ModelImportWork> In(LongWork works) =>
    [
        .. from work in works.StartingWith(Prefix)
           let parts = work.Key[Prefix.Length..].Split(' ', 2)
           select new ModelImportWork(work.Key, parts[0], parts[^1], work.Value),
    ];
}
