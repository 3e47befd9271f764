namespace MnistLab.Studio;

/// <summary>Studio cannot do what was asked; the message says why, and what to do.</summary>
public sealed class StudioException : Exception
{
    /// <summary>Describes the problem.</summary>
    public StudioException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
