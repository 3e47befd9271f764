namespace MnistLab.Studio.Kernels;

/// <summary>Specifies the state of a notebook's kernel.</summary>
internal enum KernelState
{
    /// <summary>The kernel has not been started.</summary>
    Stopped,

    /// <summary>The kernel is starting.</summary>
    Starting,

    /// <summary>The kernel waits for cells.</summary>
    Idle,

    /// <summary>The kernel runs cells.</summary>
    Busy,

    /// <summary>The process of the kernel ended unexpectedly.</summary>
    Dead,
}
