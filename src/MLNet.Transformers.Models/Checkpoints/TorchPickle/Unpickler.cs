using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>
/// Reads one pickle as data: containers, numbers, texts, and the few names that it is given. A pickle is a program; here it can call nothing but what
/// <paramref name="globals"/> holds, and every other name is refused (format: Python's pickletools).
/// </summary>
/// <param name="cursor">Where the pickle begins; it is left behind its end.</param>
/// <param name="globals">Names that may be used, as "module.name".</param>
/// <param name="load">Gives what a persistent id stands for; null: there are none.</param>
internal sealed class Unpickler(FileCursor cursor, IReadOnlyDictionary<string, object> globals, Func<object?, object?>? load = null)
{
    // Far more than a network of a hundred thousand tensors needs; bounds the memory that a made-up file can take.
    private const int MostInstructions = 5_000_000;

    private const int HighestProtocol = 5;
    private const int LongestName = 1000;

    // Numbers of this many bytes are no sizes; Python's own conversion of longer ones is slow.
    private const int LongestNumber = 1024;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly PickleStack _stack = new();
    private readonly Dictionary<uint, object?> _memo = [];

    /// <exception cref="PickleRefusedException">The pickle is malformed or uses something that is not accepted.</exception>
    /// <exception cref="CheckpointException">The file ends within the pickle.</exception>
    public object? Read()
    {
        for (int count = 0; count < MostInstructions; count++)
        {
            long at = cursor.Position;
            var opcode = (Opcode)cursor.Byte();
            if (opcode == Opcode.Stop)
            {
                object? result = _stack.Pop();
                return _stack.Count == 0 ? result : throw Refused($"its pickle ends at byte {at:N0} with {_stack.Count} values left over");
            }
            Execute(opcode, at);
        }
        throw Refused($"its pickle has more than {MostInstructions:N0} instructions");
    }

    private void Execute(Opcode opcode, long at)
    {
        switch (opcode)
        {
            case Opcode.Proto:
                int protocol = cursor.Byte();
                if (protocol > HighestProtocol)
                {
                    throw Refused($"its pickle is of protocol {protocol}; expected at most {HighestProtocol}");
                }
                break;
            case Opcode.Frame:
                // Frames only say how much may be read at once.
                cursor.UInt64();
                break;
            case Opcode.Mark: _stack.Mark(); break;
            case Opcode.Pop: _stack.PopAny(); break;
            case Opcode.PopMark: _stack.PopToMark(); break;
            case Opcode.Dup: _stack.Push(_stack.Peek()); break;
            case Opcode.None: _stack.Push(null); break;
            case Opcode.NewTrue: _stack.Push(true); break;
            case Opcode.NewFalse: _stack.Push(false); break;
            case Opcode.BinInt: _stack.Push((long)cursor.Int32()); break;
            case Opcode.BinInt1: _stack.Push((long)cursor.Byte()); break;
            case Opcode.BinInt2: _stack.Push((long)cursor.UInt16()); break;
            case Opcode.Long1: _stack.Push(Number(cursor.Bytes(cursor.Byte()))); break;
            case Opcode.Long4: _stack.Push(Number(cursor.Bytes(LongLength()))); break;
            case Opcode.BinFloat: _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(cursor.Bytes(sizeof(double)))); break;
            case Opcode.BinUnicode: _stack.Push(Text(cursor.UInt32())); break;
            case Opcode.ShortBinUnicode: _stack.Push(Text(cursor.Byte())); break;
            case Opcode.BinUnicode8: _stack.Push(Text(cursor.UInt64())); break;
            case Opcode.BinString: _stack.Push(Text(cursor.UInt32())); break;
            case Opcode.ShortBinString: _stack.Push(Text(cursor.Byte())); break;
            case Opcode.BinBytes: _stack.Push(cursor.Bytes(cursor.UInt32()).ToArray()); break;
            case Opcode.ShortBinBytes: _stack.Push(cursor.Bytes(cursor.Byte()).ToArray()); break;
            case Opcode.BinBytes8: _stack.Push(cursor.Bytes(cursor.UInt64()).ToArray()); break;
            case Opcode.ByteArray8: _stack.Push(cursor.Bytes(cursor.UInt64()).ToArray()); break;
            case Opcode.EmptyTuple: _stack.Push(Array.Empty<object?>()); break;
            case Opcode.Tuple: _stack.Push(_stack.PopToMark()); break;
            case Opcode.Tuple1: _stack.Push(_stack.Pop(1)); break;
            case Opcode.Tuple2: _stack.Push(_stack.Pop(2)); break;
            case Opcode.Tuple3: _stack.Push(_stack.Pop(3)); break;
            case Opcode.EmptyList: _stack.Push(new PickleList()); break;
            case Opcode.List: _stack.Push(ListOf(_stack.PopToMark())); break;
            case Opcode.Append: Append(_stack.Pop(1)); break;
            case Opcode.Appends: Append(_stack.PopToMark()); break;
            case Opcode.EmptyDict: _stack.Push(new PickleDict()); break;
            case Opcode.Dict: _stack.Push(Set(new PickleDict(), _stack.PopToMark())); break;
            case Opcode.SetItem: SetItems(_stack.Pop(2)); break;
            case Opcode.SetItems: SetItems(_stack.PopToMark()); break;
            case Opcode.BinPut: _memo[cursor.Byte()] = _stack.Peek(); break;
            case Opcode.LongBinPut: _memo[cursor.UInt32()] = _stack.Peek(); break;
            case Opcode.Memoize: _memo[(uint)_memo.Count] = _stack.Peek(); break;
            case Opcode.BinGet: _stack.Push(Remembered(cursor.Byte())); break;
            case Opcode.LongBinGet: _stack.Push(Remembered(cursor.UInt32())); break;
            case Opcode.Global: _stack.Push(Find(Name(), Name())); break;
            case Opcode.StackGlobal: StackGlobal(); break;
            case Opcode.Reduce or Opcode.NewObj: Call(_stack.Pop(2)); break;
            case Opcode.Build: Build(_stack.Pop()); break;
            case Opcode.BinPersId: _stack.Push(Load(_stack.Pop())); break;
            default:
                throw Refused($"its pickle has the instruction 0x{(byte)opcode:x2} at byte {at:N0}, which is not accepted");
        }
    }

    private static PickleRefusedException Refused(string what) => new(what);

    private uint LongLength()
    {
        uint length = cursor.UInt32();
        return length <= LongestNumber ? length : throw Refused($"its pickle has a number of {length:N0} bytes; expected at most {LongestNumber}");
    }

    private static object Number(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes);
        return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
    }

    private string Text(ulong length) => Decode(cursor.Bytes(length));

    private string Name() => Decode(cursor.Line(LongestName));

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Refused("its pickle has a text that is not UTF-8");
        }
    }

    private object? Remembered(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw Refused($"its pickle uses the value {index} of its memo, which was never put there");

    private PickleGlobal Find(string module, string name)
    {
        string full = $"{module}.{name}";
        return globals.TryGetValue(full, out object? meaning)
            ? new PickleGlobal(full, meaning)
            : throw Refused($"its pickle uses '{full}'; only tensors and plain containers are accepted, nothing else is run");
    }

    private void StackGlobal()
    {
        _stack.Push(_stack.Pop(2) is [string module, string name]
            ? Find(module, name)
            : throw Refused("its pickle names a global by something that is no text"));
    }

    private void Call(object?[] pair)
    {
        if (pair[0] is not PickleGlobal { Meaning: PickleFunction function } || pair[1] is not object?[] arguments)
        {
            string what = pair[0] is PickleGlobal global ? $"'{global.Name}', which cannot be called" : "something that cannot be called";
            throw Refused($"its pickle calls {what}");
        }
        _stack.Push(function(arguments));
    }

    // Of an ordered dictionary only: a state dict's version numbers ('_metadata'), for which there is no use.
    private void Build(object? state)
    {
        if (_stack.Peek() is not PickleDict || state is not (PickleDict or null))
        {
            throw Refused("its pickle sets the state of an object that is no dictionary");
        }
    }

    private object? Load(object? id) => load is null ? throw Refused("its pickle refers to a storage where there can be none") : load(id);

    private void Append(object?[] items)
    {
        PickleList list = _stack.Peek() as PickleList ?? throw Refused("its pickle appends to something that is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items) =>
        Set(_stack.Peek() as PickleDict ?? throw Refused("its pickle sets an item of something that is no dictionary"), items);

    private static PickleDict Set(PickleDict target, object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw Refused("its pickle has a key without a value");
        }
        for (int i = 0; i < items.Length; i += 2)
        {
            object key = items[i] is string or long or bool or double or BigInteger or object?[]
                ? items[i]!
                : throw Refused("its pickle has a key that is neither a text nor a number nor a tuple");
            target.Items[key] = items[i + 1];
        }
        return target;
    }

    private static PickleList ListOf(object?[] items)
    {
        var list = new PickleList();
        list.AddRange(items);
        return list;
    }
}
