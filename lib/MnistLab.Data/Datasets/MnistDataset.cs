using System.Security.Cryptography;
using MnistLab.Data.Idx;
using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Data.Datasets;

/// <summary>Represents a training set and a test set.</summary>
/// <param name="Train">The digits to train on.</param>
/// <param name="Test">The digits to evaluate the final model on, once.</param>
public sealed record MnistDataset(ImageDataset Train, ImageDataset Test)
{
    /// <summary>
    /// Gets the names of the labels 0, 1, and so on; the digits themselves unless another dataset is known.
    /// </summary>
    public IReadOnlyList<string> ClassNames => Train.Kind.ClassNames;

    /// <summary>Reads the four files of a folder, and validates that they belong together.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="description">
    /// The files and what their images show; if null, the files have MNIST's names, and a known dataset is recognized
    /// by its labels.
    /// </param>
    /// <exception cref="DatasetException">
    /// A file is missing or does not fit the others; the message says which.
    /// </exception>
    /// <exception cref="IdxFormatException">A file is not a valid IDX file.</exception>
    public static MnistDataset Load(string folder, DatasetDescription? description = null)
    {
        var files = description ?? DatasetDescription.Mnist;
        files.Require(folder);
        string FileOf(DatasetFileRole role) => files.File(role).FindIn(folder)!;
        var (trainImages, trainLabels) = Read(FileOf(DatasetFileRole.TrainImages), FileOf(DatasetFileRole.TrainLabels));
        var (testImages, testLabels) = Read(FileOf(DatasetFileRole.TestImages), FileOf(DatasetFileRole.TestLabels));
        var kind = (description ?? Recognize(trainLabels)).Kind;
        var train = Create(trainImages, trainLabels, kind, FileOf(DatasetFileRole.TrainLabels), description);
        var test = Create(testImages, testLabels, kind, FileOf(DatasetFileRole.TestLabels), description);
        return (test.Rows, test.Columns) == (train.Rows, train.Columns)
            ? new MnistDataset(train, test)
            : throw new DatasetException(
                folder,
                $"The training images in {folder} have {train.Rows} × {train.Columns} pixels, the test images {test.Rows} × {test.Columns}: they come from different datasets. Get all four files from the same place.");
    }

    /// <summary>
    /// Downloads the files of a dataset from an object store, and reads them as <see cref="Load"/> does.
    /// </summary>
    /// <param name="store">The object store.</param>
    /// <param name="location">The prefix of the files, such as <c>s3://modelarts-example/datasets/</c>.</param>
    /// <param name="description">
    /// The files and what their images show; if null, the files have MNIST's names, and a known dataset is recognized
    /// by its labels.
    /// </param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <exception cref="DatasetException">
    /// A file is missing or does not fit the others; the message says which.
    /// </exception>
    /// <exception cref="IdxFormatException">A file is not a valid IDX file.</exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    /// <exception cref="ScratchFolderException">The temporary folder cannot be used.</exception>
    public static async Task<MnistDataset> LoadAsync(
        IObjectStore store,
        ObjectUrl location,
        DatasetDescription? description = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(location);
        using var scratch = ScratchFolder.Create("mnistlab-dataset-");
        return await scratch.UseAsync(async folder =>
        {
            var files = (description ?? DatasetDescription.Mnist).Files;
            await foreach (var (url, info) in store.ListFolderAsync(location, cancellationToken))
            {
                if (info is null || !files.Any(file => file.IsNamed(url.Name))) continue;
                await store.DownloadFileAsync(url, Path.Combine(folder, url.Name), cancellationToken: cancellationToken);
            }

            string[] missing = [.. files.Where(file => file.FindIn(folder) is null).Select(file => file.Name)];
            return missing.Length == 0
                ? Load(folder, description)
                : throw new DatasetException($"{location}", $"{location} lacks {string.Join(" and ", missing)}. Upload the dataset.");
        });
    }

    // The labels suffice to recognize the dataset, and are small: 60,008 bytes.
    private static DatasetDescription Recognize(IdxArray labels)
    {
        using var content = new MemoryStream();
        IdxFile.Write(content, labels);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
        return DatasetDescription.Known.FirstOrDefault(known => known.File(DatasetFileRole.TrainLabels).Sha256 == hash)
            ?? DatasetDescription.Mnist;
    }

    private static (IdxArray Images, IdxArray Labels) Read(string imagesFile, string labelsFile)
    {
        var images = IdxFile.Read(imagesFile);
        if (images.ElementType != IdxElementType.UInt8 || images.Dimensions is not [_, > 0, > 0])
            throw new DatasetException(
                imagesFile,
                $"{imagesFile} holds {Describe(images)}, not images (bytes in three dimensions: images × rows × columns). Is it another file under this name?");
        if (images.Dimensions[0] == 0)
        {
            throw new DatasetException(
                imagesFile,
                $"{imagesFile} holds no images: its header says 0. Get the file again, or create one with images.");
        }

        var labels = IdxFile.Read(labelsFile);
        if (labels.ElementType != IdxElementType.UInt8 || labels.Dimensions is not [_])
            throw new DatasetException(
                labelsFile,
                $"{labelsFile} holds {Describe(labels)}, not labels (bytes in one dimension). Is it another file under this name?");
        if (images.Dimensions[0] != labels.Dimensions[0])
            throw new DatasetException(
                labelsFile,
                $"{labelsFile} has {labels.Dimensions[0]} labels, but {imagesFile} has {images.Dimensions[0]} images: they do not belong together.");

        return (images, labels);
    }

    private static ImageDataset Create(
        IdxArray images, IdxArray labels, ImageKind kind, string labelsFile, DatasetDescription? description)
    {
        try
        {
            return new ImageDataset(images.Data, labels.Data, images.Dimensions[1], images.Dimensions[2], kind);
        }
        catch (ArgumentException error) when (description is not null)
        {
            throw new DatasetException(
                labelsFile,
                $"{labelsFile} holds the label {labels.Data.Max()}, but {description.Title} has names for "
                + $"0 to {kind.Classes - 1} only. Describe all its classes.",
                error);
        }
        catch (ArgumentException error)
        {
            throw new DatasetException(
                labelsFile,
                $"{labelsFile} does not hold labels of digits. {error.Message} "
                + "For another dataset, pass its description.",
                error);
        }
    }

    private static string Describe(IdxArray array) => $"{array.ElementType} in {string.Join(" × ", array.Dimensions)}";
}
