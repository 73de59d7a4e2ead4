namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>
/// A Python list. The other values of a pickle are null, bool, long, BigInteger, double, string, byte[], object[] for a tuple, and what the globals
/// make.
/// </summary>
internal sealed class PickleList : List<object?>
{
}

/// <summary>A Python dict, ordered or not.</summary>
internal sealed class PickleDict
{
    public OrderedDictionary<object, object?> Items { get; } = [];

    /// <summary>The value of a key; null where there is none.</summary>
    public object? Get(object key) => Items.GetValueOrDefault(key);
}

/// <summary>What a pickle's call does: makes a value of its arguments, which are checked.</summary>
/// <exception cref="PickleRefusedException">The arguments are not those of a tensor or container.</exception>
internal delegate object? PickleFunction(object?[] arguments);

/// <summary>A name of a Python module that a pickle may use, and what it stands for here.</summary>
/// <param name="Name">Module and name with a dot between.</param>
/// <param name="Meaning">A <see cref="PickleFunction"/>, or a value.</param>
internal sealed record PickleGlobal(string Name, object Meaning);

/// <summary>A part of a pickle is not what it has to be; whoever reads the file says which file.</summary>
internal sealed class PickleRefusedException(string message) : Exception(message);
