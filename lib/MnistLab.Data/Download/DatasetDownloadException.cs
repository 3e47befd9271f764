using MnistLab.Data.Datasets;

namespace MnistLab.Data.Download;

/// <summary>
/// The exception that is thrown if no mirror provided the dataset; the message lists each mirror with its reason.
/// </summary>
public sealed class DatasetDownloadException : DatasetException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="folder">The folder for the dataset.</param>
    /// <param name="title">The display name of the dataset.</param>
    /// <param name="failures">The failures of the mirrors, for each file that none of them provided, in order.</param>
    public DatasetDownloadException(string folder, string title, IReadOnlyList<MirrorFailure> failures)
        : base(folder, Describe(folder, title, failures)) => Failures = failures;

    /// <summary>Gets the failures of the mirrors, for each file that none of them provided, in order.</summary>
    public IReadOnlyList<MirrorFailure> Failures { get; }

    private static string Describe(string folder, string title, IReadOnlyList<MirrorFailure> failures)
    {
        var files = failures.Select(failure => failure.File).Distinct(StringComparer.Ordinal);
        IEnumerable<string> lines =
        [
            $"{title} could not be downloaded to {folder}: no mirror provided {string.Join(", ", files)}.",
            .. MirrorFailure.Lines(failures).Select(line => "  " + line),
            "Check the network and try again, or name other mirrors.",
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
