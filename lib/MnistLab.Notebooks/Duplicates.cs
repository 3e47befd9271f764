using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MnistLab.Data.Datasets;

namespace MnistLab.Notebooks;

/// <summary>
/// Finds images that are identical, pixel by pixel. A test image that also occurs in the training set inflates the
/// measured accuracy.
/// </summary>
public static class Duplicates
{
    /// <summary>
    /// Returns the identical images of a set: a group of indices for each image that occurs more than once.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<int>> Within(ImageDataset set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return [.. ByContent(set).Where(group => group.Count() > 1).Select(group => (IReadOnlyList<int>)[.. group])];
    }

    /// <summary>Returns the indices of the images of one set that also occur in another.</summary>
    /// <param name="set">The set to check, such as the test set.</param>
    /// <param name="others">The set to search, such as the training set.</param>
    public static IReadOnlyList<int> Between(ImageDataset set, ImageDataset others)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(others);
        var known = ByContent(others);
        return [.. ByContent(set).Where(group => known.Contains(group.Key)).SelectMany(group => group).Order()];
    }

    private static ILookup<UInt128, int> ByContent(ImageDataset set) =>
        Enumerable.Range(0, set.Count).ToLookup(i => Fingerprint(set.Image(i)));

    // 128 bits of SHA-256; a collision of different images is practically impossible.
    private static UInt128 Fingerprint(ReadOnlySpan<byte> image) => MemoryMarshal.Read<UInt128>(SHA256.HashData(image));
}
