using System.Diagnostics;
using System.Net.Sockets;

namespace MnistLab.Benchmarks;

/// <summary>Represents a server under load.</summary>
/// <param name="Process">The process of the server.</param>
/// <param name="Url">The address of the server.</param>
/// <param name="Open">Creates the exchange for a new connection.</param>
internal sealed record Server(Process Process, Uri Url, Func<Socket, IExchange> Open);

/// <summary>Represents the results of all rounds for one server.</summary>
/// <param name="Closed">
/// In a closed loop: the requests per second, and the processor time of the server's process per request in µs.
/// </param>
/// <param name="Paced">The results at a given rate.</param>
internal sealed record ServerLoads(List<(double Rate, double Cost)> Closed, List<PacedLoad> Paced);
