using System.Runtime.InteropServices;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// How long libtorch's threads (libgomp) wait for one another spinning before they sleep. The default, 300,000 turns, is several milliseconds, as long as
/// a time slice. This limit costs nothing alone, and makes training three times as fast beside a busy process that nobody has noticed yet.
/// </summary>
internal static partial class SpinLimit
{
    private const string Variable = "GOMP_SPINCOUNT";
    private const string Turns = "20000";

    // Where the user says how threads are to wait, nothing is changed.
    private static readonly string[] _usersOwn = [Variable, "OMP_WAIT_POLICY"];

    /// <summary>Sets it for libraries that are loaded from now on: in the environment that C sees, which .NET's own does not reach.</summary>
    /// <returns>What to tell the log, or null where nothing was changed.</returns>
    public static string? Set() => Set(ComputeThreads.Keep.IsOn, Environment.GetEnvironmentVariable);

    internal static string? Set(bool leaveAlone, Func<string, string?> variable) =>
        !leaveAlone && OperatingSystem.IsLinux() && _usersOwn.All(name => variable(name) is null) && SetEnvironment(Variable, Turns, 0) == 0
            ? $"libtorch's threads wait for one another spinning for a short time only ({Variable}={Turns}). To leave this alone {ComputeThreads.Keep.HowTo}."
            : null;

    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
