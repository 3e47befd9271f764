namespace MnistLab.Data.Datasets;

/// <summary>
/// Represents a dataset in MNIST's format: four IDX files, what their images show, and the mirrors that provide it.
/// </summary>
public sealed class DatasetDescription
{
    /// <summary>Initializes a description.</summary>
    /// <param name="name">The short name, for folders and commands: lower-case letters, digits, and hyphens.</param>
    /// <param name="title">The display name.</param>
    /// <param name="files">The four files, one of each role.</param>
    /// <param name="kind">What the images show.</param>
    /// <param name="mirrors">
    /// The addresses of the mirrors, in order of preference: <c>http</c>, <c>https</c>, or <c>file</c> addresses of
    /// folders.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name is not valid, a role is missing or duplicated, or two files have the same name.
    /// </exception>
    /// <exception cref="DatasetException">The address of a mirror is not valid.</exception>
    public DatasetDescription(
        string name,
        string title,
        IEnumerable<DatasetFile> files,
        ImageKind kind,
        IEnumerable<string> mirrors)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(mirrors);
        if (!name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
            throw new ArgumentException($"'{name}' is not a valid short name: use lower-case letters, digits, and hyphens.", nameof(name));

        Files = [.. files.OrderBy(file => file.Role)];
        if (!Files.Select(file => file.Role).SequenceEqual(Enum.GetValues<DatasetFileRole>())
            || Files.DistinctBy(file => file.Name, StringComparer.OrdinalIgnoreCase).Count() != Files.Count)
            throw new ArgumentException("A dataset must have four files with different names, one of each role.", nameof(files));
        (Name, Title, Kind, Mirrors) = (name, title, kind, [.. mirrors.Select(MirrorList.ParseOne)]);
    }

    /// <summary>
    /// Gets the description of MNIST, 70,000 handwritten digits: the mirror of the ModelArts tutorial first, then two
    /// others. The hashes are those of the files that Y. LeCun, C. Cortes, and C. Burges published.
    /// </summary>
    public static DatasetDescription Mnist { get; } = new(
        "mnist",
        "MNIST",
        [
            new(
                DatasetFileRole.TrainImages,
                MnistFiles.TrainImages,
                47_040_016,
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new(
                DatasetFileRole.TrainLabels,
                MnistFiles.TrainLabels,
                60_008,
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new(
                DatasetFileRole.TestImages,
                MnistFiles.TestImages,
                7_840_016,
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new(
                DatasetFileRole.TestLabels,
                MnistFiles.TestLabels,
                10_008,
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
        ImageKind.Digits,
        ["http://data.mxnet.io/data/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/"]);

    /// <summary>
    /// Gets the description of Fashion-MNIST, 70,000 images of articles of clothing in MNIST's format (H. Xiao, K. Rasul,
    /// R. Vollgraf, 2017): from the folder of Debian's package <c>dataset-fashion-mnist</c> if it is installed,
    /// otherwise from its authors' server.
    /// </summary>
    public static DatasetDescription FashionMnist { get; } = new(
        "fashion-mnist",
        "Fashion-MNIST",
        [
            new(
                DatasetFileRole.TrainImages,
                MnistFiles.TrainImages,
                47_040_016,
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new(
                DatasetFileRole.TrainLabels,
                MnistFiles.TrainLabels,
                60_008,
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new(
                DatasetFileRole.TestImages,
                MnistFiles.TestImages,
                7_840_016,
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new(
                DatasetFileRole.TestLabels,
                MnistFiles.TestLabels,
                10_008,
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
        new ImageKind(
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            0.2860,
            0.3530),
        ["file:///usr/share/datasets/fashion-mnist/", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]);

    /// <summary>Gets the built-in descriptions.</summary>
    public static IReadOnlyList<DatasetDescription> Known { get; } = [Mnist, FashionMnist];

    /// <summary>Gets the short name, for folders and commands.</summary>
    public string Name { get; }

    /// <summary>Gets the display name.</summary>
    public string Title { get; }

    /// <summary>Gets the four files, in the order of their roles.</summary>
    public IReadOnlyList<DatasetFile> Files { get; }

    /// <summary>Gets what the images show.</summary>
    public ImageKind Kind { get; }

    /// <summary>Gets the names of the labels 0, 1, and so on.</summary>
    public IReadOnlyList<string> ClassNames => Kind.ClassNames;

    /// <summary>Gets the addresses of the mirrors, in order of preference; each ends with a slash.</summary>
    public IReadOnlyList<Uri> Mirrors { get; }

    /// <summary>Returns the file of a role.</summary>
    public DatasetFile File(DatasetFileRole role) => Files[(int)role];

    /// <summary>
    /// Validates that a folder contains all four files, compressed or not, under their own names or usual variants of
    /// them. Their content is not checked.
    /// </summary>
    /// <exception cref="DatasetException">
    /// The folder or some of the files are missing; the message names each missing file.
    /// </exception>
    public void Require(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            var names = string.Join(", ", Files.Select(file => file.Name));
            throw new DatasetException(folder, $"The folder {folder} does not exist. It must contain the files {names}.");
        }

        var missing = Files.Where(file => file.FindIn(folder) is null).Select(file => file.Name).ToArray();
        if (missing.Length == 0) return;
        var put = missing.Length == 1 ? "Put it there under this name" : "Put them there under these names";
        throw new DatasetException(folder, $"{folder} lacks {string.Join(" and ", missing)}. {put}, with or without '.gz'.");
    }
}
