using System.Diagnostics;
using System.Net.Sockets;

namespace MnistLab.Benchmarks;

/// <summary>A server that is asked.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Url">Its address.</param>
/// <param name="Open">Begins to ask over a connection that was just made.</param>
internal sealed record Server(Process Process, Uri Url, Func<Socket, IExchange> Open);

/// <summary>What the rounds found at one server.</summary>
/// <param name="Closed">In a closed loop: requests a second, and the processor time of the server's process for each, in µs.</param>
/// <param name="Paced">At a given rate.</param>
internal sealed record ServerLoads(List<(double Rate, double Cost)> Closed, List<PacedLoad> Paced);
