namespace MnistLab.Models.UserCode;

/// <summary>A user's file cannot be compiled, or is not the program or the class it has to be; the message says what is wrong, where, and what to do.</summary>
public sealed class UserCodeException : Exception
{
    private const int MostShown = 20;

    /// <summary>Describes a fault of the user's code as a whole.</summary>
    public UserCodeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Describes what the compiler objects to; the first twenty objections become part of the message.</summary>
    public UserCodeException(string summary, IReadOnlyList<UserCodeDiagnostic> diagnostics)
        : base(Compose(summary, diagnostics)) => Diagnostics = diagnostics;

    /// <summary>What the compiler objects to, by file and line; none where the fault is not the compiler's to find.</summary>
    public IReadOnlyList<UserCodeDiagnostic> Diagnostics { get; } = [];

    private static string Compose(string summary, IReadOnlyList<UserCodeDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var lines = diagnostics.Take(MostShown).Select(diagnostic => $"  {diagnostic}").Prepend(summary);
        if (diagnostics.Count > MostShown) lines = lines.Append(FormattableString.Invariant($"  … and {diagnostics.Count - MostShown} more."));
        return string.Join(Environment.NewLine, lines);
    }
}
