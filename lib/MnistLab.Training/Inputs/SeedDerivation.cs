namespace MnistLab.Training.Inputs;

/// <summary>
/// Derives seeds from a run's seed. The sample order of each epoch and the random numbers of each step have their own
/// seed, so they do not depend on earlier draws: a run can resume at any step with the same result as an uninterrupted
/// one.
/// </summary>
internal static class SeedDerivation
{
    /// <summary>The stream of seeds for the sample order of each epoch.</summary>
    public const ulong Order = 1;

    /// <summary>The stream of seeds for each step, used by dropout and augmentation.</summary>
    public const ulong Step = 2;

    /// <summary>
    /// The stream of seeds for the random numbers that each of several workers draws separately in a step.
    /// </summary>
    public const ulong Worker = 3;

    /// <summary>
    /// Returns the seed of an epoch or step, at least 0: the three arguments mixed by SplitMix64 (G. Steele, D. Lea, C.
    /// Flood, 2014).
    /// </summary>
    public static long SeedOf(long seed, ulong stream, long number) => (long)(Mix(Mix(Mix((ulong)seed) + stream) + (ulong)number) >> 1);

    private static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
