namespace MnistLab.Data.Datasets;

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
    public static void Require(string folder) => DatasetDescription.Mnist.Require(folder);
}
