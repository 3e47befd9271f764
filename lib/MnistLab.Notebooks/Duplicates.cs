using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MnistLab.Data.Datasets;

namespace MnistLab.Notebooks;

/// <summary>Pictures that are there more than once, pixel by pixel. In a test set they are questions whose answers were learned by heart.</summary>
public static class Duplicates
{
    /// <summary>The pictures of a set that are the same: their positions, a group for each picture that occurs more than once.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Within(DigitSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return [.. ByContent(set).Where(group => group.Count() > 1).Select(group => (IReadOnlyList<int>)[.. group])];
    }

    /// <summary>The pictures of one set that are in another, too: their positions in the first.</summary>
    /// <param name="set">The set whose pictures are looked for, such as the test set.</param>
    /// <param name="others">The set to look in, such as the training set.</param>
    public static IReadOnlyList<int> Between(DigitSet set, DigitSet others)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(others);
        var known = ByContent(others);
        return [.. ByContent(set).Where(group => known.Contains(group.Key)).SelectMany(group => group).Order()];
    }

    private static ILookup<UInt128, int> ByContent(DigitSet set) => Enumerable.Range(0, set.Count).ToLookup(i => Fingerprint(set.Image(i)));

    // 128 bits of SHA-256: two different pictures with the same ones are not to be expected before the end of the world.
    private static UInt128 Fingerprint(ReadOnlySpan<byte> image) => MemoryMarshal.Read<UInt128>(SHA256.HashData(image));
}
