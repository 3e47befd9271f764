namespace MnistLab.Data;

/// <summary>The four files of MNIST, and of every dataset that has its form.</summary>
public static class MnistFiles
{
    /// <summary>The pictures to learn from.</summary>
    public const string TrainImages = "train-images-idx3-ubyte.gz";

    /// <summary>What they show.</summary>
    public const string TrainLabels = "train-labels-idx1-ubyte.gz";

    /// <summary>The pictures to be examined on.</summary>
    public const string TestImages = "t10k-images-idx3-ubyte.gz";

    /// <summary>What they show.</summary>
    public const string TestLabels = "t10k-labels-idx1-ubyte.gz";

    /// <summary>All four names.</summary>
    public static IReadOnlyList<string> All { get; } = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>Checks that all four files are in a folder.</summary>
    /// <exception cref="DatasetException">The folder or some of the files are missing; the message names all of them.</exception>
    public static void Require(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder)) throw new DatasetException(folder, $"There is no folder {folder}. It has to hold the files {string.Join(", ", All)}.");
        var missing = All.Where(name => !File.Exists(Path.Combine(folder, name))).ToArray();
        if (missing.Length > 0)
            throw new DatasetException(folder, $"{folder} lacks {string.Join(" and ", missing)}. Put {(missing.Length == 1 ? "it" : "them")} there, gzip-compressed under exactly {(missing.Length == 1 ? "this name" : "these names")}.");
    }
}
