using System.Runtime.ExceptionServices;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents the result of a check of a notebook step: it passed, or the reader's code is still missing. A failed
/// check throws an exception, which stops the notebook.
/// </summary>
public sealed class Check
{
    private Check(string message, bool isMissing = false) => (Message, IsMissing) = (message, isMissing);

    /// <summary>Gets the message: what was confirmed, or what is missing.</summary>
    public string Message { get; }

    /// <summary>Gets whether the reader's code is still missing.</summary>
    public bool IsMissing { get; }

    /// <summary>Checks a condition.</summary>
    /// <param name="holds">Whether the condition holds.</param>
    /// <param name="passed">The message if it holds.</param>
    /// <param name="nextStep">The message if it does not: what failed, and what to do next.</param>
    /// <exception cref="CheckFailedException">The condition does not hold.</exception>
    public static Check That(bool holds, string passed, string nextStep) =>
        holds ? Passed(passed) : throw new CheckFailedException(nextStep);

    /// <summary>Compares the result of the reader's code with the library's.</summary>
    /// <typeparam name="T">Numbers, strings, or sequences, arrays, or tuples of them.</typeparam>
    /// <param name="yours">
    /// Runs the reader's code. While it returns null or throws <see cref="NotImplementedException"/>, the code counts
    /// as missing: the check says so, and the notebook continues.
    /// </param>
    /// <param name="library">The library's result.</param>
    /// <param name="passed">The message if both results are equal.</param>
    /// <param name="missing">The message if the code is missing: what to write.</param>
    /// <param name="different">
    /// The message if the results differ: a hint on what to check. The first difference is appended, as
    /// <c>[3]: 5 ≠ 7</c>.
    /// </param>
    /// <param name="tolerance">
    /// The maximum difference of two numbers that count as equal, as a fraction of the larger one.
    /// </param>
    /// <exception cref="CheckFailedException">The results differ, or the reader's code throws an exception.</exception>
    public static Check Yours<T>(Func<T?> yours, T library, string passed, string missing, string different, double tolerance = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(yours);
        T? result;
        try
        {
            result = yours();
        }
        catch (NotImplementedException)
        {
            return Missing(missing);
        }
        catch (Exception error)
        {
            throw Failed(error, different);
        }

        if (result is null) return Missing(missing);
        return FirstDifference.Find(result, library, tolerance) is { } difference
            ? throw new CheckFailedException($"{different} {difference}")
            : Passed(passed);
    }

    /// <summary>
    /// Compares the result of the reader's asynchronous code with the library's, as <see cref="Yours"/> does.
    /// </summary>
    /// <inheritdoc cref="Yours" path="/typeparam|/param|/exception"/>
    public static async Task<Check> YoursAsync<T>(
        Func<Task<T?>> yours, T library, string passed, string missing, string different, double tolerance = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(yours);
        T? result = default;
        ExceptionDispatchInfo? thrown = null;
        try
        {
            if (yours() is { } task) result = await task;
        }
        catch (Exception error)
        {
            thrown = ExceptionDispatchInfo.Capture(error);
        }

        return Yours(
            () =>
            {
                thrown?.Throw();
                return result;
            },
            library,
            passed,
            missing,
            different,
            tolerance);
    }

    /// <summary>
    /// Returns the message, preceded by a tick, or by a circle if the reader's code is missing.
    /// </summary>
    public override string ToString() => $"{(IsMissing ? "○" : "✓")} {Message}";

    private static Check Passed(string message) => new(message);

    private static Check Missing(string message) => new(message, isMissing: true);

    private static CheckFailedException Failed(Exception error, string different) =>
        new($"{different} {error.GetType().Name}: {error.Message}", error);
}
