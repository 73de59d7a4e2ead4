using System.Numerics;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>What stands behind a dot or in brackets: only what is listed here can be reached (jinja2: sandbox.SandboxedEnvironment.getattr, getitem).</summary>
internal static class Lookup
{
    public static object? Attribute(object? owner, string name)
    {
        Refuse(owner);
        return TryMember(owner, name, out object? value) || TryItem(owner, name, out value) ? value : Undefined.Attribute(owner, name);
    }

    public static object? Item(object? owner, object? key)
    {
        Refuse(owner);
        return TryItem(owner, key, out object? value) || (Texts.TryGet(key, out string name) && TryMember(owner, name, out value))
            ? value
            : Undefined.Attribute(owner, key);
    }

    /// <summary>A method or attribute, but no item: what the filter attr gives.</summary>
    public static object? Member(object? owner, string name)
    {
        Refuse(owner);
        return TryMember(owner, name, out object? value) ? value : Undefined.Attribute(owner, name);
    }

    /// <summary>The value behind a path such as "function.name" or "0.role"; what filters call an attribute.</summary>
    public static object? Path(object? owner, object? path)
    {
        if (!Texts.TryGet(path, out string names))
        {
            return path is null ? owner : Item(owner, path);
        }
        foreach (string name in names.Split('.'))
        {
            owner = Item(owner, name.Length > 0 && name.All(char.IsAsciiDigit) ? BigInteger.Parse(name, null) : name);
        }
        return owner;
    }

    private static bool TryItem(object? owner, object? key, out object? value)
    {
        value = null;
        switch (owner)
        {
            case DictValue dict:
                return key is null or string or SafeText or bool or BigInteger or double && dict.TryGet(key, out value);
            case string or SafeText or SequenceValue when Numbers.TryWhole(key, out BigInteger number):
                IReadOnlyList<object?> items = owner is SequenceValue sequence ? sequence.Items : Texts.Characters(PythonText.Str(owner));
                BigInteger place = number.Sign < 0 ? number + items.Count : number;
                bool inside = place.Sign >= 0 && place < items.Count;
                value = inside ? items[(int)place] : null;
                return inside;
            default:
                return false;
        }
    }

    private static bool TryMember(object? owner, string name, out object? value)
    {
        if (owner is IAttributes attributes)
        {
            return attributes.TryGet(name, out value);
        }
        value = Methods.Find(owner, name);
        return value is not null;
    }

    private static void Refuse(object? owner)
    {
        if (owner is Undefined undefined)
        {
            throw undefined.Error();
        }
    }
}
