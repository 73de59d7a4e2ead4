using System.Globalization;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>Finds the tensors in what a file of torch.save holds, which may be a state dict, or one beside an optimizer's state and other things.</summary>
internal static class StateDict
{
    // What training programs call the entry with the network's tensors, in the order in which they are looked for.
    private static readonly string[] _usual = ["state_dict", "model_state_dict", "model", "module"];

    // A container may hold itself, or one container so often that its paths are more than there can be.
    private const int Deepest = 64;
    private const int MostValues = 1_000_000;

    /// <param name="root">What the file holds.</param>
    /// <param name="path">Keys with dots between, from the outermost; null: the file itself where it holds tensors, else its entry of a usual name.</param>
    /// <returns>Tensors by their paths below that entry, in the order of the file.</returns>
    /// <exception cref="PickleRefusedException">There are none.</exception>
    public static OrderedDictionary<string, TorchTensor> Find(object? root, string? path)
    {
        object? entry = path is null ? Default(root) : Follow(root, path);
        var tensors = new OrderedDictionary<string, TorchTensor>();
        int left = MostValues;
        Collect(entry, "", 0, tensors, ref left);
        return tensors.Count > 0 ? tensors : throw new PickleRefusedException(
            path is null ? $"it holds no tensors{Describe(root)}" : $"its entry '{path}' holds no tensors");
    }

    private static object? Default(object? root)
    {
        if (root is not PickleDict dictionary || dictionary.Items.Values.Any(value => value is TorchTensor))
        {
            return root;
        }
        return _usual.Select(name => dictionary.Get(name)).FirstOrDefault(value => value is PickleDict) ?? root;
    }

    private static object? Follow(object? value, string path)
    {
        foreach (string key in path.Split('.'))
        {
            value = Children(value).FirstOrDefault(child => child.Key == key).Value
                ?? throw new PickleRefusedException($"it has no entry '{key}' on the path '{path}'{Describe(value)}");
        }
        return value;
    }

    private static void Collect(object? value, string path, int depth, OrderedDictionary<string, TorchTensor> tensors, ref int left)
    {
        if (--left < 0 || depth > Deepest)
        {
            throw new PickleRefusedException($"its containers hold more than {MostValues:N0} values or are more than {Deepest} deep");
        }
        if (value is TorchTensor tensor)
        {
            if (!tensors.TryAdd(path, tensor))
            {
                throw new PickleRefusedException($"it has two tensors named '{path}'");
            }
            return;
        }
        foreach ((string key, object? child) in Children(value))
        {
            Collect(child, path.Length == 0 ? key : $"{path}.{key}", depth + 1, tensors, ref left);
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Children(object? value) => value switch
    {
        PickleDict dictionary => dictionary.Items.Select(item => KeyValuePair.Create(Convert.ToString(item.Key, CultureInfo.InvariantCulture)!, item.Value)),
        PickleList list => Numbered(list),
        object?[] tuple => Numbered(tuple),
        _ => [],
    };

    private static IEnumerable<KeyValuePair<string, object?>> Numbered(IEnumerable<object?> items) =>
        items.Select((item, index) => KeyValuePair.Create(index.ToString(CultureInfo.InvariantCulture), item));

    private static string Describe(object? value)
    {
        const int Shown = 10;
        string[] keys = [.. Children(value).Select(child => child.Key).Take(Shown)];
        return keys.Length == 0 ? "" : $"; it has {string.Join(", ", keys)}";
    }
}
