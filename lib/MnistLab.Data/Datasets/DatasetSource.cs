namespace MnistLab.Data;

/// <summary>Where the dataset is that will be used.</summary>
/// <param name="Folder">The folder of the four files.</param>
/// <param name="IsSample">Whether it is the bundled sample rather than the full MNIST.</param>
/// <param name="Notice">Which it is and why, for people to read.</param>
public sealed record DatasetSource(string Folder, bool IsSample, string Notice)
{
    /// <summary>The environment variable that names the folder of the full dataset.</summary>
    public const string Variable = "MNIST_DIR";

    /// <summary>Decides which dataset is used: that of <c>MNIST_DIR</c> if it is set, the bundled sample otherwise.</summary>
    /// <param name="mnistFolder">The value of <c>MNIST_DIR</c>; null or empty if it is not set.</param>
    /// <param name="sampleFolder">The folder of the sample.</param>
    /// <exception cref="DatasetException">The folder that is named, or the sample, lacks a file. A folder that was asked for is never replaced by the sample.</exception>
    public static DatasetSource Find(string? mnistFolder, string sampleFolder)
    {
        if (string.IsNullOrWhiteSpace(mnistFolder))
        {
            MnistFiles.Require(sampleFolder);
            return new DatasetSource(sampleFolder, true, $"{Variable} is not set: using the bundled sample of 5,000 handwritten digits in {sampleFolder}. Set {Variable} to a folder with the four MNIST files to use all 70,000.");
        }

        var folder = Path.GetFullPath(mnistFolder);
        try
        {
            MnistFiles.Require(folder);
        }
        catch (DatasetException error)
        {
            throw new DatasetException(folder, $"{Variable} is set, but {error.Message} Or unset {Variable} to use the bundled sample.", error);
        }

        return new DatasetSource(folder, false, $"Using the dataset in {folder}, as {Variable} says.");
    }
}
