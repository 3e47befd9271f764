using MnistLab.Hosting;

namespace MnistLab.Data.Datasets;

/// <summary>Represents labeled images, in order.</summary>
public sealed class ImageDataset
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <summary>Initializes a set from pixels and labels.</summary>
    /// <param name="pixels">
    /// Gray values, 0 for the background to 255 for full ink: image after image, row after row;
    /// <paramref name="labels"/>.Length × rows × columns bytes.
    /// </param>
    /// <param name="labels">The label of each image, from 0: 0 to 9 for digits.</param>
    /// <param name="rows">The height of an image in pixels.</param>
    /// <param name="columns">The width of an image in pixels.</param>
    /// <param name="kind">What the images show; digits if null.</param>
    /// <exception cref="ArgumentException">
    /// The numbers of pixels and labels do not match, or a label is out of range.
    /// </exception>
    public ImageDataset(byte[] pixels, byte[] labels, int rows, int columns, ImageKind? kind = null)
    {
        kind ??= ImageKind.Digits;
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        NumberRange.RequireAtLeast(rows, 1);
        NumberRange.RequireAtLeast(columns, 1);
        if (pixels.LongLength != (long)labels.Length * rows * columns)
            throw new ArgumentException(
                $"{labels.Length} images of {rows} × {columns} pixels take {(long)labels.Length * rows * columns} bytes, not {pixels.LongLength}.",
                nameof(pixels));
        var wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(kind.Classes - 1));
        if (wrong >= 0)
            throw new ArgumentException(
                $"The label of image {wrong} must be 0 to {kind.Classes - 1}, but was {labels[wrong]}.",
                nameof(labels));

        (_pixels, _labels, Rows, Columns, Kind) = (pixels, labels, rows, columns, kind);
        var counts = new int[kind.Classes];
        foreach (var label in labels) counts[label]++;
        ClassCounts = counts;
    }

    /// <summary>Gets what the images show: the names of their classes, and how they are processed.</summary>
    public ImageKind Kind { get; }

    /// <summary>Gets the number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>Gets the height of an image in pixels.</summary>
    public int Rows { get; }

    /// <summary>Gets the width of an image in pixels.</summary>
    public int Columns { get; }

    /// <summary>
    /// Gets all pixels: image after image, row after row, 0 for the background to 255 for full ink.
    /// </summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Gets all labels, from 0: 0 to 9 for digits.</summary>
    public ReadOnlyMemory<byte> Labels => _labels;

    /// <summary>Gets the number of images of each class.</summary>
    public IReadOnlyList<int> ClassCounts { get; }

    /// <summary>Returns the pixels of one image, row after row.</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        NumberRange.RequireInRange(index, 0, Count - 1);
        return _pixels.AsSpan(index * Rows * Columns, Rows * Columns);
    }

    /// <summary>Returns the label of one image, from 0.</summary>
    public int Label(int index) => _labels[index];

    /// <summary>Returns the name of the class of one image.</summary>
    public string LabelName(int index) => Kind.ClassNames[_labels[index]];

    /// <summary>Returns a new set with the images at the given indices, in the given order.</summary>
    public ImageDataset Subset(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var size = Rows * Columns;
        var pixels = new byte[indices.Count * size];
        var labels = new byte[indices.Count];
        for (var i = 0; i < indices.Count; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * size));
            labels[i] = _labels[indices[i]];
        }

        return new ImageDataset(pixels, labels, Rows, Columns, Kind);
    }
}
