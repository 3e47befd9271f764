namespace MnistLab.Data.Datasets;

/// <summary>Defines the names of the four files of MNIST, and of every dataset in the same format.</summary>
public static class MnistFiles
{
    /// <summary>The file of the training images.</summary>
    public const string TrainImages = "train-images-idx3-ubyte.gz";

    /// <summary>The file of the training labels.</summary>
    public const string TrainLabels = "train-labels-idx1-ubyte.gz";

    /// <summary>The file of the test images.</summary>
    public const string TestImages = "t10k-images-idx3-ubyte.gz";

    /// <summary>The file of the test labels.</summary>
    public const string TestLabels = "t10k-labels-idx1-ubyte.gz";

    /// <summary>Gets all four names.</summary>
    public static IReadOnlyList<string> All { get; } = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>Validates that a folder contains all four files.</summary>
    /// <exception cref="DatasetException">
    /// The folder or some of the files are missing; the message names each missing file.
    /// </exception>
    public static void Validate(string folder) => DatasetDescription.Mnist.Require(folder);
}
