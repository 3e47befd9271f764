namespace MnistLab.EndToEnd;

/// <summary>Specifies the kernel that executes a notebook.</summary>
public enum JupyterKernelKind
{
    /// <summary>The kernel of this project.</summary>
    Ours,

    /// <summary>The C# kernel of .NET Interactive.</summary>
    DotNetInteractive,
}
