using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Native = MPI.Unsafe;

namespace MnistLab.Training.Workers;

/// <summary>
/// Represents the group of workers that train one model together, from the perspective of one worker. Each operation is
/// collective: every worker must call it, in the same order and with the same number of values. A process belongs to at
/// most one group, which it joins once.
/// </summary>
internal sealed class WorkerGroup
{
    private static readonly Lazy<WorkerGroup> Joined = new(JoinOnce);

    // The time at which this process began to join the others; 0 if it is not joining. A process joins at most once.
    private static long _joinsSince;

    // MPI_IN_PLACE: the sum is computed in place.
    private static readonly nint InPlace = -1;

    private long _waitsSince;
    private long _exchanges;
    private bool _endsTogether;

    private WorkerGroup(WorkerPlace place) => Place = place;

    /// <summary>Gets the group of a worker that trains alone.</summary>
    public static WorkerGroup Alone { get; } = new(new WorkerPlace(0, 1));

    /// <summary>Gets the place of this worker in the group.</summary>
    public WorkerPlace Place { get; }

    /// <summary>Gets the index of this worker.</summary>
    public int Index => Place.Index;

    /// <summary>Gets the number of workers.</summary>
    public int Count => Place.Count;

    /// <summary>Gets whether this is the first worker, which alone writes files.</summary>
    public bool IsFirst => Place.IsFirst;

    /// <summary>Gets whether this is the only worker.</summary>
    public bool IsAlone => Place.IsAlone;

    /// <summary>Gets the number of the step that this worker is computing; 0 before the first.</summary>
    public long Step { get; private set; }

    /// <summary>Gets the number of collective operations that this worker has started.</summary>
    public long Exchanges => Volatile.Read(ref _exchanges);

    /// <summary>Gets the total number of bytes of gradients summed so far.</summary>
    public long SummedBytes { get; private set; }

    /// <summary>Gets the total time that this worker has spent in summing gradients.</summary>
    public TimeSpan ExchangeTime { get; private set; }

    /// <summary>
    /// Gets the time that this process has waited for the others to join; null if it is not joining a group.
    /// </summary>
    public static TimeSpan? Joining => ElapsedSince(ref _joinsSince);

    /// <summary>
    /// Gets the time that this worker has waited for the others in the current operation; null if it is not waiting.
    /// </summary>
    public TimeSpan? Waiting => ElapsedSince(ref _waitsSince);

    /// <summary>Joins the workers that a launcher started together with this process.</summary>
    /// <exception cref="MpiException">MPI is missing or incompatible; the message says what to install.</exception>
    public static WorkerGroup Join() => Joined.Value;

    /// <summary>Returns the group that this process has joined; null if it has not joined one.</summary>
    public static WorkerGroup? Find() => Joined.IsValueCreated ? Joined.Value : null;

    /// <summary>Replaces the gradients of a step with their sums over all workers.</summary>
    public void SumGradients(Span<float> values, long step)
    {
        Step = step;
        var start = Stopwatch.GetTimestamp();
        Sum(values);
        ExchangeTime += Stopwatch.GetElapsedTime(start);
        SummedBytes += values.Length * sizeof(float);
    }

    /// <summary>Replaces values with their sums over all workers, which are the same on each worker.</summary>
    public unsafe void Sum(Span<float> values)
    {
        if (IsAlone) return;
        fixed (float* first = values)
        {
            Begin();
            End(Native.MPI_Allreduce(
                InPlace, (nint)first, values.Length, Native.MPI_FLOAT, Native.MPI_SUM, Native.MPI_COMM_WORLD));
        }
    }

    /// <inheritdoc cref="Sum(Span{float})"/>
    public unsafe void Sum(Span<double> values)
    {
        if (IsAlone) return;
        fixed (double* first = values)
        {
            Begin();
            End(Native.MPI_Allreduce(
                InPlace, (nint)first, values.Length, Native.MPI_DOUBLE, Native.MPI_SUM, Native.MPI_COMM_WORLD));
        }
    }

    /// <summary>Returns the concatenated values of all workers, in the order of their indices.</summary>
    /// <param name="values">The values of this worker.</param>
    public unsafe float[] Gather(ReadOnlySpan<float> values)
    {
        var all = new float[values.Length * Count];
        if (IsAlone)
        {
            values.CopyTo(all);
            return all;
        }

        fixed (float* mine = values)
        fixed (float* first = all)
        {
            Begin();
            End(Native.MPI_Allgather(
                (nint)mine, values.Length, Native.MPI_FLOAT,
                (nint)first, values.Length, Native.MPI_FLOAT, Native.MPI_COMM_WORLD));
        }

        return all;
    }

    /// <summary>Replaces values with those of the first worker.</summary>
    public unsafe void Broadcast<T>(Span<T> values)
        where T : unmanaged
    {
        if (IsAlone) return;
        var bytes = MemoryMarshal.AsBytes(values);
        fixed (byte* first = bytes)
        {
            Begin();
            End(Native.MPI_Bcast((nint)first, bytes.Length, Native.MPI_BYTE, 0, Native.MPI_COMM_WORLD));
        }
    }

    /// <summary>Returns the value of the first worker.</summary>
    public T Broadcast<T>(T value)
        where T : unmanaged
    {
        Broadcast(new Span<T>(ref value));
        return value;
    }

    /// <summary>
    /// Indicates that all workers end at this point for the same reason, so that even after a failure they leave the
    /// group normally and none needs to be killed.
    /// </summary>
    public void EndTogether() => _endsTogether = true;

    /// <summary>
    /// Leaves the group at the end of the process. A failed worker does not wait for the others, which its launcher
    /// ends.
    /// </summary>
    private void Leave()
    {
        if (Environment.ExitCode == 0 || _endsTogether) _ = Native.MPI_Finalize();
    }

    private static TimeSpan? ElapsedSince(ref long start) =>
        Volatile.Read(ref start) is not 0 and var since ? Stopwatch.GetElapsedTime(since) : null;

    private void Begin()
    {
        Interlocked.Increment(ref _exchanges);
        Volatile.Write(ref _waitsSince, Stopwatch.GetTimestamp());
    }

    private void End(int code)
    {
        Volatile.Write(ref _waitsSince, 0);
        Check(code);
    }

    private static WorkerGroup JoinOnce()
    {
        var place = WorkerPlace.Current;
        if (place.IsAlone) return Alone;
        Volatile.Write(ref _joinsSince, Stopwatch.GetTimestamp());
        MpiLibrary.Initialize();
        Volatile.Write(ref _joinsSince, 0);
        Check(Native.MPI_Comm_rank(Native.MPI_COMM_WORLD, out var index));
        Check(Native.MPI_Comm_size(Native.MPI_COMM_WORLD, out var count));
        if ((index, count) != (place.Index, place.Count))
        {
            throw new MpiException(string.Create(
                CultureInfo.InvariantCulture,
                $"The launcher reports this process as {place.Name} of {place.Count}, but MPI reports it as ")
                + string.Create(CultureInfo.InvariantCulture, $"{WorkerPlace.NameOf(index)} of {count}. ")
                + "Start the program with the mpiexec of the same MPI.");
        }

        var group = new WorkerGroup(place);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => group.Leave();
        return group;
    }

    // For most errors, MPI itself ends the process.
    private static void Check(int code)
    {
        if (code != Native.MPI_SUCCESS)
            throw new MpiException(string.Create(CultureInfo.InvariantCulture, $"MPI failed with the error {code}."));
    }
}
