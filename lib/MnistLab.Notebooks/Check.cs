namespace MnistLab.Notebooks;

/// <summary>A check after a step: it passes and says so, or it stops the notebook and says how to go on.</summary>
public sealed class Check
{
    private Check(string message) => Message = message;

    /// <summary>What holds.</summary>
    public string Message { get; }

    /// <summary>Checks that something holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="passed">What to say if so.</param>
    /// <param name="nextStep">What went wrong otherwise, and how to go on.</param>
    /// <exception cref="CheckFailedException">It does not hold.</exception>
    public static Check That(bool holds, string passed, string nextStep) => holds ? new Check(passed) : throw new CheckFailedException(nextStep);

    /// <summary>The message, with a tick.</summary>
    public override string ToString() => $"✓ {Message}";
}
