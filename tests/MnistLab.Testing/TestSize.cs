namespace MnistLab.Testing;

/// <summary>How much the longest tests try: part of it by default, and all of it where a variable says so.</summary>
public static class TestSize
{
    /// <summary>The environment variable; <c>full</c> is the value that has an effect.</summary>
    public const string Variable = "MNISTLAB_TESTS";

    /// <summary>Gets whether everything is tried.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable(Variable) == "full";

    /// <summary>Returns the cases to try: all of them, or every so many, with the first.</summary>
    /// <param name="cases">All cases.</param>
    /// <param name="every">Of how many cases one is tried by default.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> cases, int every) =>
        IsFull ? cases : cases.Where((_, index) => index % every == 0);
}
