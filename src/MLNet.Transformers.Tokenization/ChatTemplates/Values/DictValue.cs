using System.Numerics;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's dict: in the order in which keys came; 1, 1.0 and True are one key. Never changed once made.</summary>
internal sealed class DictValue
{
    private readonly Dictionary<object, int> _places = [];
    private readonly List<KeyValuePair<object?, object?>> _entries = [];

    public DictValue(IEnumerable<KeyValuePair<object?, object?>> entries)
    {
        foreach ((object? key, object? value) in entries)
        {
            object hashed = Hashable(key);
            if (_places.TryGetValue(hashed, out int place))
            {
                _entries[place] = new(_entries[place].Key, value);
            }
            else
            {
                _places[hashed] = _entries.Count;
                _entries.Add(new(key, value));
            }
        }
    }

    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    public int Count => _entries.Count;

    public bool TryGet(object? key, out object? value)
    {
        bool found = _places.TryGetValue(Hashable(key), out int place);
        value = found ? _entries[place].Value : null;
        return found;
    }

    /// <summary>What stands for a key so that .NET finds it as Python does.</summary>
    /// <exception cref="TemplateError">The value cannot be a key.</exception>
    public static object Hashable(object? key) => key switch
    {
        string text => text,
        SafeText safe => safe.Text,
        BigInteger number => number,
        bool flag => flag ? BigInteger.One : BigInteger.Zero,
        double number when double.IsFinite(number) && Math.Floor(number) == number => new BigInteger(number),
        double number => number,
        null => DBNull.Value,
        _ => throw new TemplateError($"a {TypeName.Of(key)} was used as a key; keys are texts, numbers, true, false and none"),
    };
}
