namespace MnistLab.Models.UserCode;

/// <summary>
/// The exception that is thrown when a user's file cannot be compiled, or is not the required program or class. The
/// message says what is wrong, where, and what to do.
/// </summary>
public sealed class UserCodeException : Exception
{
    private const int MaxShown = 20;

    /// <summary>Initializes a new instance of the <see cref="UserCodeException"/> class with a message.</summary>
    public UserCodeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="UserCodeException"/> class with compiler errors, of which the first
    /// 20 are included in the message.
    /// </summary>
    public UserCodeException(string summary, IReadOnlyList<UserCodeDiagnostic> diagnostics)
        : base(Compose(summary, diagnostics)) => Diagnostics = diagnostics;

    /// <summary>
    /// Gets the compiler errors, ordered by file and line; empty if the failure is not a compiler error.
    /// </summary>
    public IReadOnlyList<UserCodeDiagnostic> Diagnostics { get; } = [];

    private static string Compose(string summary, IReadOnlyList<UserCodeDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var lines = diagnostics.Take(MaxShown).Select(diagnostic => $"  {diagnostic}").Prepend(summary);
        if (diagnostics.Count > MaxShown)
            lines = lines.Append(FormattableString.Invariant($"  … and {diagnostics.Count - MaxShown} more."));
        return string.Join(Environment.NewLine, lines);
    }
}
