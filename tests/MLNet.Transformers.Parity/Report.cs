using System.Globalization;

namespace MLNet.Transformers.Parity;

/// <summary>What became of a check.</summary>
public enum Status
{
    Pass,
    Fail,
    Skip,
}

/// <summary>One check: a row of the table.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Folder">The fixture, relative to the folder that is walked.</param>
/// <param name="Name">What was compared, with a reason where it failed or was skipped.</param>
/// <param name="Difference">Largest difference; null where equality was asked for.</param>
/// <param name="Tolerance">Largest difference allowed.</param>
public sealed record Row(Status Status, string Folder, string Name, double? Difference = null, double? Tolerance = null)
{
    public override string ToString() => string.Join('\t',
        Status.ToString().ToUpperInvariant(), Folder, Name.ReplaceLineEndings(" "), Number(Difference), Number(Tolerance));

    private static string Number(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "-";
}

/// <summary>Collects the rows of a fixture.</summary>
public sealed class Report(string folder)
{
    private readonly List<Row> _rows = [];

    public IReadOnlyList<Row> Rows => _rows;

    public void Pass(string name) => _rows.Add(new Row(Status.Pass, folder, name));

    public void Fail(string name) => _rows.Add(new Row(Status.Fail, folder, name));

    public void Skip(string name) => _rows.Add(new Row(Status.Skip, folder, name));

    /// <summary>A check that passes where the difference is a number not above the tolerance.</summary>
    public void Within(string name, double difference, double tolerance) =>
        _rows.Add(new Row(difference <= tolerance ? Status.Pass : Status.Fail, folder, name, difference, tolerance));

    public void Equal<T>(string name, T actual, T expected)
    {
        bool equal = EqualityComparer<T>.Default.Equals(actual, expected);
        _rows.Add(new Row(equal ? Status.Pass : Status.Fail, folder, equal ? name : $"{name}: '{actual}', expected '{expected}'"));
    }

    public void SequenceEqual<T>(string name, IEnumerable<T> actual, IEnumerable<T> expected)
    {
        T[] ours = [.. actual];
        T[] theirs = [.. expected];
        if (ours.SequenceEqual(theirs))
        {
            Pass(name);
            return;
        }
        int at = Enumerable.Range(0, Math.Min(ours.Length, theirs.Length)).FirstOrDefault(
            i => !EqualityComparer<T>.Default.Equals(ours[i], theirs[i]), Math.Min(ours.Length, theirs.Length));
        Fail($"{name}: differs at {at}: {Around(ours, at)}, expected {Around(theirs, at)} ({ours.Length} items, expected {theirs.Length})");
    }

    /// <summary>Runs a check; an exception is its failure.</summary>
    public void Guard(string name, Action check)
    {
        try
        {
            check();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail($"{name}: {error.GetType().Name}: {error.Message}");
        }
    }

    private static string Around<T>(T[] items, int at) => $"[{string.Join(", ", items.Skip(Math.Max(0, at - 1)).Take(4))}]";
}
