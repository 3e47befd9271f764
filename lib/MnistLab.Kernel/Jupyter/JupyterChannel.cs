namespace MnistLab.Kernel.Jupyter;

/// <summary>Specifies a channel between a kernel and its front ends.</summary>
public enum JupyterChannel
{
    /// <summary>Carries requests, which are processed in order.</summary>
    Shell,

    /// <summary>Broadcasts outputs and status to all front ends.</summary>
    IOPub,

    /// <summary>Carries requests of a cell for input from the user.</summary>
    Stdin,

    /// <summary>Carries requests that are processed immediately, even while a cell runs.</summary>
    Control,

    /// <summary>Echoes each message.</summary>
    Heartbeat,
}
