using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>The names that a pickle of PyTorch may use, and what each makes: dictionaries, sizes, types, and tensors as views of storages.</summary>
internal static class TorchGlobals
{
    /// <summary>Stands for torch.Tensor and its like, where they are only named.</summary>
    private const string TensorClass = "tensor";

    private static readonly Dictionary<string, ScalarType> _types = new()
    {
        ["float64"] = ScalarType.Float64, ["double"] = ScalarType.Float64, ["float32"] = ScalarType.Float32, ["float"] = ScalarType.Float32,
        ["float16"] = ScalarType.Float16, ["half"] = ScalarType.Float16, ["bfloat16"] = ScalarType.BFloat16,
        ["int64"] = ScalarType.Int64, ["long"] = ScalarType.Int64, ["int32"] = ScalarType.Int32, ["int"] = ScalarType.Int32,
        ["int16"] = ScalarType.Int16, ["short"] = ScalarType.Int16, ["int8"] = ScalarType.Int8, ["uint8"] = ScalarType.Byte, ["bool"] = ScalarType.Bool,
    };

    private static readonly Dictionary<string, StorageType> _storages = new()
    {
        ["torch.DoubleStorage"] = new(ScalarType.Float64), ["torch.FloatStorage"] = new(ScalarType.Float32), ["torch.HalfStorage"] = new(ScalarType.Float16),
        ["torch.BFloat16Storage"] = new(ScalarType.BFloat16), ["torch.LongStorage"] = new(ScalarType.Int64), ["torch.IntStorage"] = new(ScalarType.Int32),
        ["torch.ShortStorage"] = new(ScalarType.Int16), ["torch.CharStorage"] = new(ScalarType.Int8), ["torch.ByteStorage"] = new(ScalarType.Byte),
        ["torch.BoolStorage"] = new(ScalarType.Bool),
        // Those without a type of their own count bytes; the tensor says what they are.
        ["torch.storage.UntypedStorage"] = new(ScalarType.Byte), ["torch.UntypedStorage"] = new(ScalarType.Byte),
        ["torch.storage.TypedStorage"] = new(ScalarType.Byte), ["torch.storage._TypedStorage"] = new(ScalarType.Byte),
        ["torch.TypedStorage"] = new(ScalarType.Byte),
    };

    private static readonly Dictionary<string, PickleFunction> _functions = new()
    {
        ["collections.OrderedDict"] = Dictionary,
        ["torch.Size"] = Size,
        ["torch.device"] = Device,
        ["torch._utils._rebuild_tensor"] = arguments => Tensor("_rebuild_tensor", arguments, 4, 4),
        ["torch._utils._rebuild_tensor_v2"] = arguments => Tensor("_rebuild_tensor_v2", arguments, 6, 7),
        ["torch._utils._rebuild_tensor_v3"] = TypedTensor,
        ["torch._utils._rebuild_parameter"] = arguments => Parameter("_rebuild_parameter", arguments, 3),
        ["torch._utils._rebuild_parameter_with_state"] = arguments => Parameter("_rebuild_parameter_with_state", arguments, 4),
        ["torch._tensor._rebuild_from_type_v2"] = Subclass,
    };

    /// <summary>Every accepted name with its meaning.</summary>
    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>(
    [
        .. _types.Select(item => KeyValuePair.Create("torch." + item.Key, (object)item.Value)),
        .. _storages.Select(item => KeyValuePair.Create(item.Key, (object)item.Value)),
        .. _functions.Select(item => KeyValuePair.Create(item.Key, (object)item.Value)),
        KeyValuePair.Create("torch.Tensor", (object)TensorClass),
        KeyValuePair.Create("torch.nn.parameter.Parameter", (object)TensorClass),
    ]);

    /// <summary>The storage that a persistent id describes: ('storage', type, key, place, number of elements).</summary>
    public static TorchStorage Storage(object? id) =>
        id is object?[] { Length: >= 5 } parts && parts[0] is "storage" && parts[1] is PickleGlobal { Meaning: StorageType type }
            && parts[2] is string key && parts[4] is long and >= 0 and <= long.MaxValue / 8
            ? new TorchStorage(key, type.Type, (long)parts[4]!)
            : throw InvalidValue("a reference to a storage", "('storage', type, key, place, number of elements)");

    private static object Dictionary(object?[] arguments)
    {
        var dictionary = new PickleDict();
        if (arguments is [PickleList pairs])
        {
            // Python 2 gives the items as a list of pairs.
            foreach (object? pair in pairs)
            {
                (object key, object? value) = pair switch
                {
                    PickleList { Count: 2 } list when list[0] is string text => (text, list[1]),
                    object?[] { Length: 2 } tuple when tuple[0] is string text => (text, tuple[1]),
                    _ => throw InvalidValue("an item of an OrderedDict", "a pair of a text and a value"),
                };
                dictionary.Items[key] = value;
            }
            return dictionary;
        }
        return arguments.Length == 0 ? dictionary : throw InvalidValue("the arguments of OrderedDict", "none, or a list of pairs");
    }

    private static object Size(object?[] arguments) => arguments switch
    {
        [object?[] sizes] => sizes,
        [PickleList sizes] => sizes.ToArray(),
        _ => throw InvalidValue("the arguments of Size", "a tuple"),
    };

    private static object Device(object?[] arguments) =>
        arguments is [string device, ..] && (arguments.Length == 1 || arguments is [_, long]) ? device : throw InvalidValue("the arguments of device", "a text and a number");

    private static object Tensor(string function, object?[] arguments, int least, int most)
    {
        if (arguments.Length < least || arguments.Length > most || arguments[0] is not TorchStorage storage)
        {
            throw InvalidValue($"the arguments of {function}", $"a storage and {least - 1} to {most - 1} more");
        }
        RefuseFlags(function, arguments.Length == 7 ? arguments[6] : null);
        return TorchTensor.Create(storage, storage.Type, Number(function, arguments[1]), Numbers(function, arguments[2]), Numbers(function, arguments[3]));
    }

    private static object TypedTensor(object?[] arguments)
    {
        const string Function = "_rebuild_tensor_v3";
        if (arguments is not { Length: 7 or 8 } || arguments[0] is not TorchStorage storage || arguments[6] is not PickleGlobal { Meaning: ScalarType type })
        {
            throw InvalidValue($"the arguments of {Function}", "a storage, five more, and a type");
        }
        RefuseFlags(Function, arguments.Length == 8 ? arguments[7] : null);
        return TorchTensor.Create(storage, type, Number(Function, arguments[1]), Numbers(Function, arguments[2]), Numbers(Function, arguments[3]));
    }

    private static object Parameter(string function, object?[] arguments, int count) =>
        arguments.Length == count && arguments[0] is TorchTensor tensor ? tensor : throw InvalidValue($"the arguments of {function}", $"a tensor and {count - 1} more");

    // A tensor with attributes of its own; those are left aside.
    private static object? Subclass(object?[] arguments) =>
        arguments is [PickleGlobal { Meaning: PickleFunction function }, PickleGlobal { Meaning: TensorClass }, object?[] inner, _]
            ? function(inner)
            : throw InvalidValue("the arguments of _rebuild_from_type_v2", "a function that makes a tensor, its type, arguments and state");

    // Numbers that are stored conjugated or negated would be read with the wrong sign.
    private static void RefuseFlags(string function, object? flags)
    {
        if (flags is null or PickleDict { Items.Count: 0 } || (flags is PickleDict given && given.Items.Values.All(value => value is false)))
        {
            return;
        }
        throw InvalidValue($"the last argument of {function}", "no flags such as conj or neg");
    }

    private static long Number(string function, object? value) => value is long number ? number : throw InvalidValue($"an argument of {function}", "a number");

    private static long[] Numbers(string function, object? value) =>
        value is object?[] tuple && tuple.All(item => item is long) ? [.. tuple.Select(item => (long)item!)] : throw InvalidValue($"an argument of {function}", "a tuple of numbers");

    private static PickleRefusedException InvalidValue(string what, string expected) => new($"{what} in its pickle is not what it has to be; expected {expected}");

    private sealed record StorageType(ScalarType Type);
}
