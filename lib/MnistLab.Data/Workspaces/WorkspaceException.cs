namespace MnistLab.Data.Workspaces;

/// <summary>
/// The exception that is thrown if there is no workspace; the message says where it was searched for, and what to do.
/// </summary>
public sealed class WorkspaceException : IOException
{
    /// <summary>Initializes the exception.</summary>
    public WorkspaceException(string message)
        : base(message)
    {
    }
}
