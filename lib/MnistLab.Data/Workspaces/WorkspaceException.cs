namespace MnistLab.Data.Workspaces;

/// <summary>There is no workspace here; the message says where it was looked for, and what to do.</summary>
public sealed class WorkspaceException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    public WorkspaceException(string message)
        : base(message)
    {
    }
}
