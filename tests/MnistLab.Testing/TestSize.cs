namespace MnistLab.Testing;

/// <summary>Determines how many cases the longest tests try: a subset by default, all if a variable is set.</summary>
public static class TestSize
{
    /// <summary>The environment variable; only the value <c>full</c> has an effect.</summary>
    public const string Variable = "MNISTLAB_TESTS";

    /// <summary>Gets whether all cases are tried.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable(Variable) == "full";

    /// <summary>Returns the cases to try: all of them, or the first one and every nth one after it.</summary>
    /// <param name="cases">All cases.</param>
    /// <param name="every">The stride n between the cases to try by default.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> cases, int every) =>
        IsFull ? cases : cases.Where((_, index) => index % every == 0);
}
