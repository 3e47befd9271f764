namespace MnistLab.Training.Inputs;

/// <summary>
/// Seeds that follow from a run's seed. Every epoch's order and every step's random numbers have one of their own, so that none depends on
/// what was drawn before: a run can go on at any step as if it had never been interrupted.
/// </summary>
internal static class RunRandom
{
    /// <summary>The seeds of the epochs' orders.</summary>
    public const ulong Order = 1;

    /// <summary>The seeds of the steps, for dropout and augmentation.</summary>
    public const ulong Step = 2;

    /// <summary>The seeds of what each of several workers draws for itself in a step.</summary>
    public const ulong Worker = 3;

    /// <summary>The seed of one epoch or step, at least 0 (SplitMix64 by G. Steele, D. Lea and C. Flood, 2014, over its three numbers).</summary>
    public static long SeedOf(long seed, ulong stream, long number) => (long)(Mix(Mix(Mix((ulong)seed) + stream) + (ulong)number) >> 1);

    private static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
