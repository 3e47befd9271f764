using System.Text.Json.Serialization;
using MnistLab.Hosting;

namespace MnistLab.Data.Datasets;

/// <summary>
/// Represents what a dataset's images show, as far as networks, model packages, and services depend on it.
/// </summary>
public sealed class ImageKind
{
    private const int MaxClasses = 256;

    /// <summary>Initializes a kind of image.</summary>
    /// <param name="classNames">The names of the labels 0, 1, and so on: 1 to 256 different names.</param>
    /// <param name="mean">The mean of all pixels of the training images, in [0, 1].</param>
    /// <param name="standardDeviation">The standard deviation of these pixels, greater than 0.</param>
    /// <param name="preprocessing">How a service converts an image file to pixels.</param>
    /// <exception cref="ArgumentException">
    /// There are too few or too many names, one is blank or repeated, or a number is out of range.
    /// </exception>
    [JsonConstructor]
    public ImageKind(
        IReadOnlyList<string> classNames,
        double mean,
        double standardDeviation,
        ImagePreprocessing preprocessing = ImagePreprocessing.Plain)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count is 0 or > MaxClasses)
            throw new ArgumentException(
                $"A dataset must have 1 to {MaxClasses} class names, but has {classNames.Count}.", nameof(classNames));
        var isDistinct = classNames.Distinct(StringComparer.Ordinal).Count() == classNames.Count;
        if (!isDistinct || classNames.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException(
                $"The names of the classes must differ, and none may be blank: {string.Join(", ", classNames)}.",
                nameof(classNames));
        NumberRange.Validate(mean is >= 0 and <= 1, mean, "a number from 0 to 1");
        NumberRange.Validate(standardDeviation > 0, standardDeviation, "a number greater than 0");
        (ClassNames, Mean, StandardDeviation) = ([.. classNames], mean, standardDeviation);
        Preprocessing = preprocessing;
    }

    /// <summary>Gets the kind of MNIST's images: handwritten digits.</summary>
    public static ImageKind Digits { get; } = new(
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], 0.1307, 0.3081, ImagePreprocessing.Digit);

    /// <summary>Gets the names of the labels 0, 1, and so on.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Gets the mean of all pixels of the training images, in [0, 1].</summary>
    public double Mean { get; }

    /// <summary>Gets the standard deviation of all pixels of the training images.</summary>
    public double StandardDeviation { get; }

    /// <summary>Gets how a service converts an image file to pixels.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>Gets the number of classes.</summary>
    [JsonIgnore]
    public int Classes => ClassNames.Count;

    /// <summary>
    /// Gets whether these images are digits to a service: with the class names and the preprocessing of
    /// <see cref="Digits"/>.
    /// </summary>
    [JsonIgnore]
    public bool IsDigits =>
        Preprocessing == ImagePreprocessing.Digit && ClassNames.SequenceEqual(Digits.ClassNames);
}
