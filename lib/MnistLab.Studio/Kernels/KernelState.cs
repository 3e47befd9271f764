namespace MnistLab.Studio.Kernels;

/// <summary>What a notebook's kernel does.</summary>
internal enum KernelState
{
    /// <summary>It has not been started.</summary>
    Stopped,

    /// <summary>It is getting ready.</summary>
    Starting,

    /// <summary>It waits for cells.</summary>
    Idle,

    /// <summary>It runs cells.</summary>
    Busy,

    /// <summary>Its process has ended by itself.</summary>
    Dead,
}
