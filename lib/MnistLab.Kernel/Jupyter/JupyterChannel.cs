namespace MnistLab.Kernel;

/// <summary>The five ways between a kernel and its front ends.</summary>
public enum JupyterChannel
{
    /// <summary>Requests, answered in their order.</summary>
    Shell,

    /// <summary>What happens while they are answered, to all front ends.</summary>
    IOPub,

    /// <summary>Questions that a cell puts to the person at the front end.</summary>
    Stdin,

    /// <summary>Requests that are answered at once, also while a cell runs.</summary>
    Control,

    /// <summary>Whatever comes is sent back.</summary>
    Heartbeat,
}
