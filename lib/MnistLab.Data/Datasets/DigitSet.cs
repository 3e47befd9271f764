using MnistLab.Hosting;

namespace MnistLab.Data.Datasets;

/// <summary>Labelled pictures of digits, in order.</summary>
public sealed class DigitSet
{
    /// <summary>How many digits there are to tell apart.</summary>
    public const int ClassCount = 10;

    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <summary>Puts pictures and labels together.</summary>
    /// <param name="pixels">Grey values, 0 for the background to 255 for full ink: picture after picture, row after row; <paramref name="labels"/>.Length × rows × columns bytes.</param>
    /// <param name="labels">What each picture shows, 0 to 9.</param>
    /// <param name="rows">The height of a picture, in pixels.</param>
    /// <param name="columns">The width of a picture, in pixels.</param>
    /// <exception cref="ArgumentException">They do not fit together, or a label is not a digit.</exception>
    public DigitSet(byte[] pixels, byte[] labels, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        NumberRange.RequireAtLeast(rows, 1);
        NumberRange.RequireAtLeast(columns, 1);
        if (pixels.LongLength != (long)labels.Length * rows * columns)
            throw new ArgumentException($"{labels.Length} pictures of {rows} × {columns} pixels take {(long)labels.Length * rows * columns} bytes, not {pixels.LongLength}.", nameof(pixels));
        var wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(ClassCount - 1));
        if (wrong >= 0) throw new ArgumentException($"The label of picture {wrong} is {labels[wrong]}, and has to be 0 to {ClassCount - 1}.", nameof(labels));

        (_pixels, _labels, Rows, Columns) = (pixels, labels, rows, columns);
        var counts = new int[ClassCount];
        foreach (var label in labels) counts[label]++;
        ClassCounts = counts;
    }

    /// <summary>How many pictures there are.</summary>
    public int Count => _labels.Length;

    /// <summary>The height of a picture, in pixels.</summary>
    public int Rows { get; }

    /// <summary>The width of a picture, in pixels.</summary>
    public int Columns { get; }

    /// <summary>All pixels: picture after picture, row after row, 0 for the background to 255 for full ink.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>All labels, 0 to 9.</summary>
    public ReadOnlyMemory<byte> Labels => _labels;

    /// <summary>How often each digit occurs: ten numbers.</summary>
    public IReadOnlyList<int> ClassCounts { get; }

    /// <summary>The pixels of one picture, row after row.</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        NumberRange.RequireInRange(index, 0, Count - 1);
        return _pixels.AsSpan(index * Rows * Columns, Rows * Columns);
    }

    /// <summary>What one picture shows, 0 to 9.</summary>
    public int Label(int index) => _labels[index];

    /// <summary>A set of its own, with the pictures of the given positions in the given order.</summary>
    public DigitSet Subset(IReadOnlyList<int> indices)
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

        return new DigitSet(pixels, labels, Rows, Columns);
    }
}
