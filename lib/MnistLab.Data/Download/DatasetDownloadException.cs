using MnistLab.Data.Datasets;

namespace MnistLab.Data.Download;

/// <summary>No mirror gave the dataset; the message lists each with its reason.</summary>
public sealed class DatasetDownloadException : DatasetException
{
    /// <summary>Describes which mirrors failed, and why.</summary>
    /// <param name="folder">Where the dataset was to be placed.</param>
    /// <param name="title">The dataset.</param>
    /// <param name="failures">Each mirror that was asked for a file that nobody gave, in order.</param>
    public DatasetDownloadException(string folder, string title, IReadOnlyList<MirrorFailure> failures)
        : base(folder, Describe(folder, title, failures)) => Failures = failures;

    /// <summary>Each mirror that was asked for a file that nobody gave, in order.</summary>
    public IReadOnlyList<MirrorFailure> Failures { get; }

    private static string Describe(string folder, string title, IReadOnlyList<MirrorFailure> failures)
    {
        var files = failures.Select(failure => failure.File).Distinct(StringComparer.Ordinal);
        IEnumerable<string> lines =
        [
            $"{title} could not be downloaded to {folder}: no mirror gave {string.Join(", ", files)}.",
            .. MirrorFailure.Lines(failures).Select(line => "  " + line),
            "Check the network and try again, or name other mirrors.",
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
